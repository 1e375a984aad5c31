import type { LogRates } from './goal-model.ts'
import type { StrengthParameters } from './parameters.ts'
import { type ClubStrength, forecastRates, type Meeting } from './team-strength.ts'

/** Counts of one side in one match; NaN where unknown. */
interface SideCounts {
  goals: number
  shots: number
  targets: number
  corners: number
}

/** Log rates of the counts a league shows, per side. */
export interface CountLevels {
  home: SideCounts
  away: SideCounts
}

/** A match after it was played. `implied` are log goal rates read from its closing odds, NaN where unknown. */
export interface PlayedMatch {
  readonly home: SideCounts
  readonly away: SideCounts
  readonly implied: LogRates
}

/** How steeply a count follows the log-goal rating: a side twice as likely to score shoots 1.5 times as often. */
const slopes = { shots: 0.62, targets: 0.78, corners: 0.52 } as const
const countKinds = ['shots', 'targets', 'corners'] as const
const countLevelRate = 0.005

export function startCountLevels(): CountLevels {
  return {
    home: { goals: 0, shots: Math.log(13), targets: Math.log(5), corners: Math.log(5.6) },
    away: { goals: 0, shots: Math.log(10.5), targets: Math.log(4), corners: Math.log(4.5) },
  }
}

/** Moves ratings and level by one played match; the variances must have been grown to the day before. */
export function learnMatch(
  meeting: Meeting,
  counts: CountLevels,
  played: PlayedMatch,
  parameters: StrengthParameters,
): void {
  const before = forecastRates(meeting)
  const hasOdds = parameters.usesOdds && played.implied.home === played.implied.home
  if (hasOdds) learnOdds(meeting, before, played.implied, parameters)
  const rates = forecastRates(meeting)
  learnCounts(meeting, rates, counts, played, parameters)
  learnLevel(meeting, rates, before, hasOdds, played, parameters)
}

/** Kalman update of both log rates with what the closing odds say of them. */
function learnOdds(
  { home, away }: Meeting,
  rates: LogRates,
  implied: LogRates,
  parameters: StrengthParameters,
): void {
  const { oddsNoise, sharedStep } = parameters
  const homeGain = 1 / (home.attackVariance + away.defenceVariance + oddsNoise)
  const awayGain = 1 / (away.attackVariance + home.defenceVariance + oddsNoise)
  moveBoth(home, away, sharedStep, {
    homePull: (implied.home - rates.home) * homeGain,
    awayPull: (implied.away - rates.away) * awayGain,
    homeGain,
    awayGain,
  })
}

interface Pulls {
  /** Step per unit of variance towards more home goals; towards more away goals. */
  readonly homePull: number
  readonly awayPull: number
  /** Share of a variance, per unit of it, that the match removes. */
  readonly homeGain: number
  readonly awayGain: number
}

function moveBoth(home: ClubStrength, away: ClubStrength, sharedStep: number, pulls: Pulls): void {
  moveClub(home, sharedStep, pulls.homePull, pulls.homeGain, pulls.awayPull, pulls.awayGain)
  moveClub(away, sharedStep, pulls.awayPull, pulls.awayGain, pulls.homePull, pulls.homeGain)
}

/** A better attack hints at a better team: part of each step goes to the other rating of the club. */
function moveClub(
  club: ClubStrength,
  sharedStep: number,
  ownPull: number,
  ownGain: number,
  otherPull: number,
  otherGain: number,
): void {
  const attackStep = club.attackVariance * ownPull
  const defenceStep = -club.defenceVariance * otherPull
  club.attack += attackStep + sharedStep * defenceStep
  club.defence += defenceStep + sharedStep * attackStep
  club.attackVariance -= club.attackVariance * club.attackVariance * ownGain
  club.defenceVariance -= club.defenceVariance * club.defenceVariance * otherGain
}

/** Poisson counts as noisy looks at one rating difference: extended Kalman filter with innovation and information. */
function learnCounts(
  { home, away }: Meeting,
  rates: LogRates,
  levels: CountLevels,
  played: PlayedMatch,
  parameters: StrengthParameters,
): void {
  const homeEvidence = weigh(rates.home, home.attack - away.defence, levels.home, played.home, parameters)
  const awayEvidence = weigh(rates.away, away.attack - home.defence, levels.away, played.away, parameters)
  const homeShrink = 1 / (1 + homeEvidence.information * (home.attackVariance + away.defenceVariance))
  const awayShrink = 1 / (1 + awayEvidence.information * (away.attackVariance + home.defenceVariance))
  moveBoth(home, away, parameters.sharedStep, {
    homePull: homeEvidence.innovation * homeShrink,
    awayPull: awayEvidence.innovation * awayShrink,
    homeGain: homeEvidence.information * homeShrink,
    awayGain: awayEvidence.information * awayShrink,
  })
}

/** Adds up what goals and, where known, shots, shots on target and corners of one side say. */
function weigh(
  logRate: number,
  edge: number,
  levels: SideCounts,
  counts: SideCounts,
  parameters: StrengthParameters,
): { innovation: number; information: number } {
  const rate = Math.exp(logRate)
  let innovation = parameters.goalWeight * (counts.goals - rate)
  let information = parameters.goalWeight * rate
  if (!parameters.usesCounts) return { innovation, information }
  const weights = {
    shots: parameters.shotWeight,
    targets: parameters.targetWeight,
    corners: parameters.cornerWeight,
  }
  for (const kind of countKinds) {
    const count = counts[kind]
    if (Number.isNaN(count)) continue
    const slope = slopes[kind]
    const expected = Math.exp(levels[kind] + slope * edge)
    innovation += weights[kind] * slope * (count - expected)
    information += weights[kind] * slope * slope * expected
    levels[kind] += countLevelRate * (count / expected - 1)
  }
  return { innovation, information }
}

/** Small steps of the league's level: towards the closing odds where there are any, else towards the goals. */
function learnLevel(
  { level }: Meeting,
  rates: LogRates,
  before: LogRates,
  hasOdds: boolean,
  played: PlayedMatch,
  parameters: StrengthParameters,
): void {
  const homeMiss = hasOdds ? played.implied.home - before.home : played.home.goals - Math.exp(rates.home)
  const awayMiss = hasOdds ? played.implied.away - before.away : played.away.goals - Math.exp(rates.away)
  level.goals += parameters.levelRate * (homeMiss + awayMiss)
  level.home += parameters.homeRate * (homeMiss - awayMiss)
}
