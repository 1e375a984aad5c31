import type { Outcome } from './fair-odds.ts'

/** Dixon and Coles (1997): low scores are not independent; negative means more 0:0 and 1:1 than two Poissons give. */
const dixonColesRho = -0.06

/** Goals counted per side; beyond it the mass is below 1e-7 for every λ the filter can hold. */
const mostGoals = 18

/** Log goal rates outside this range describe no football match: e^-4 = 0.02 and e^1.8 = 6 goals. */
const lowestLogRate = -4
const highestLogRate = 1.8

/** Expected goals of the two sides, natural logarithm. */
export interface LogRates {
  readonly home: number
  readonly away: number
}

/**
 * Chances of the outcome, and their derivatives by the two log rates.
 * Poisson: ∂p(i)/∂ln λ = p(i)·(i − λ). The correction moves c = ρ·λ·μ·e^(−λ−μ) into home and away each, −2c into the draw.
 */
interface Slopes {
  home: number
  away: number
  homeByHome: number
  homeByAway: number
  awayByHome: number
  awayByAway: number
}

const slopes: Slopes = { home: 0, away: 0, homeByHome: 0, homeByAway: 0, awayByHome: 0, awayByAway: 0 }

/** Fills the one reused record: called a million times a pass, so it must not allocate. */
function fillSlopes(logHome: number, logAway: number): Slopes {
  const rateHome = Math.exp(logHome)
  const rateAway = Math.exp(logAway)
  let pHome = Math.exp(-rateHome)
  let pAway = Math.exp(-rateAway)
  // Running sums over fewer goals, and of their derivatives.
  let [homeBelow, awayBelow, homeBelowSlope, awayBelowSlope] = [0, 0, 0, 0]
  let [home, away, homeByHome, homeByAway, awayByHome, awayByAway] = [0, 0, 0, 0, 0, 0]
  for (let goals = 0; goals <= mostGoals; goals++) {
    const homeSlope = pHome * (goals - rateHome)
    const awaySlope = pAway * (goals - rateAway)
    home += pHome * awayBelow
    homeByHome += homeSlope * awayBelow
    homeByAway += pHome * awayBelowSlope
    away += pAway * homeBelow
    awayByAway += awaySlope * homeBelow
    awayByHome += pAway * homeBelowSlope
    homeBelow += pHome
    awayBelow += pAway
    homeBelowSlope += homeSlope
    awayBelowSlope += awaySlope
    pHome *= rateHome / (goals + 1)
    pAway *= rateAway / (goals + 1)
  }
  const correction = dixonColesRho * rateHome * rateAway * Math.exp(-rateHome - rateAway)
  slopes.home = home + correction
  slopes.away = away + correction
  slopes.homeByHome = homeByHome + correction * (1 - rateHome)
  slopes.homeByAway = homeByAway + correction * (1 - rateAway)
  slopes.awayByHome = awayByHome + correction * (1 - rateHome)
  slopes.awayByAway = awayByAway + correction * (1 - rateAway)
  return slopes
}

/** Chances of the outcome of two Poisson counts with the Dixon–Coles correction. */
export function computeOutcome(logHome: number, logAway: number): Outcome {
  const { home, away } = fillSlopes(clampRate(logHome), clampRate(logAway))
  return { home, draw: 1 - home - away, away }
}

function clampRate(logRate: number): number {
  return Math.min(highestLogRate, Math.max(lowestLogRate, logRate))
}

/**
 * The log goal rates that give this outcome, by Newton's method.
 * @returns undefined where no rates within the possible range do (a draw rarer or commoner than two Poissons allow)
 */
export function invertOutcome(outcome: Outcome): LogRates | undefined {
  let logHome = 0.3 + 0.35 * Math.log(outcome.home / outcome.away)
  let logAway = 0.3 - 0.35 * Math.log(outcome.home / outcome.away)
  for (let round = 0; round < 40; round++) {
    logHome = clampRate(logHome)
    logAway = clampRate(logAway)
    const at = fillSlopes(logHome, logAway)
    const missHome = outcome.home - at.home
    const missAway = outcome.away - at.away
    if (Math.abs(missHome) + Math.abs(missAway) < 1e-9) return { home: logHome, away: logAway }
    const determinant = at.homeByHome * at.awayByAway - at.homeByAway * at.awayByHome
    if (!(Math.abs(determinant) > 1e-12)) return undefined
    const stepHome = (missHome * at.awayByAway - missAway * at.homeByAway) / determinant
    const stepAway = (missAway * at.homeByHome - missHome * at.awayByHome) / determinant
    // A full step may overshoot where the draw is nearly flat in the total; half a unit keeps it on the slope.
    const shrink = Math.min(1, 0.5 / Math.max(Math.abs(stepHome), Math.abs(stepAway)))
    logHome += shrink * stepHome
    logAway += shrink * stepAway
  }
  return undefined
}
