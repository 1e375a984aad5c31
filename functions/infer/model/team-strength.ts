import type { LogRates } from './goal-model.ts'
import type { StrengthParameters } from './parameters.ts'

/** What one filter believes of a club: log-goal scale, 0 = average; variances in the same unit squared. */
export interface ClubStrength {
  attack: number
  defence: number
  attackVariance: number
  defenceVariance: number
}

/** What one filter believes of a league: natural logarithms of the rate per side and match. */
export interface LeagueLevel {
  /** Goals a side. */
  goals: number
  /** Home advantage: log rate of the home side minus that of the away side. */
  home: number
}

/** Both sides of a match in one filter, and the level they meet at. */
export interface Meeting {
  readonly home: ClubStrength
  readonly away: ClubStrength
  readonly level: LeagueLevel
}

/** Days that count for the growth of the variance: uncertainty saturates over a break. */
const mostDaysWithinSeason = 150
const mostDaysOverBreak = 30

export function startLevel(): LeagueLevel {
  return { goals: Math.log(1.3), home: 0.3 }
}

export function startStrength(parameters: StrengthParameters, attack: number, defence: number): ClubStrength {
  const { startVariance } = parameters
  return { attack, defence, attackVariance: startVariance, defenceVariance: startVariance }
}

/**
 * Expected goals before the match, as logarithms.
 * @param gap advantage of the home side that ratings of unconnected countries cannot show, log-goal scale
 */
export function forecastRates({ home, away, level }: Meeting, gap = 0): LogRates {
  const tilt = (level.home + gap) / 2
  return {
    home: level.goals + tilt + home.attack - away.defence,
    away: level.goals - tilt + away.attack - home.defence,
  }
}

/** The variance of a rating after a rest; never above that of an unknown club. */
export function growVariance(
  variance: number,
  restDays: number,
  isNewSeason: boolean,
  parameters: StrengthParameters,
): number {
  const days = Math.min(restDays, isNewSeason ? mostDaysOverBreak : mostDaysWithinSeason)
  const grown = variance + parameters.variancePerDay * days + (isNewSeason ? parameters.variancePerSeason : 0)
  return Math.min(parameters.startVariance, grown)
}
