import type { LogRates } from './goal-model.ts'
import type { PlayedMatch } from './strength-steps.ts'

/**
 * Running means of what the ratings did not expect, seen from the club; NaN before the first observation.
 * Goals in goals, the rest as differences of log rates.
 */
export interface ClubForm {
  /** Goal difference above the expected one. */
  goals: number
  /** The same, counted positive at home and negative away: a home advantage of the club's own. */
  homeGoals: number
  /** Difference of shots on target a match. */
  targets: number
  /** Closing odds' log rate difference above the ratings' one. */
  odds: number
  /** The same, positive at home and negative away. */
  homeOdds: number
  /** Goal difference above the one the closing odds expected. */
  luck: number
}

/** Weight of the newest match in each mean. */
const newestShare: Record<keyof ClubForm, number> = {
  goals: 0.08,
  homeGoals: 0.03,
  targets: 0.08,
  odds: 0.25,
  homeOdds: 0.06,
  luck: 0.08,
}

export const formKeys = Object.keys(newestShare) as (keyof ClubForm)[]

export function startForm(): ClubForm {
  return { goals: NaN, homeGoals: NaN, targets: NaN, odds: NaN, homeOdds: NaN, luck: NaN }
}

/** What the ratings expected of a match: log goal rates of the plainest and of the richest filter. */
export interface Expected {
  readonly plain: LogRates
  readonly rich: LogRates
}

/** Learns from a played match; `expected` must come from before it. */
export function learnForm(home: ClubForm, away: ClubForm, expected: Expected, played: PlayedMatch): void {
  const { plain, rich } = expected
  const { implied } = played
  const goalGap = played.home.goals - played.away.goals
  const goalSurprise = goalGap - (Math.exp(plain.home) - Math.exp(plain.away))
  // NaN (unknown) runs through the subtractions and is skipped by `blend`.
  const oddsSurprise = implied.home - implied.away - (rich.home - rich.away)
  const luck = goalGap - (Math.exp(implied.home) - Math.exp(implied.away))
  const targetGap = played.home.targets - played.away.targets
  for (const [form, sign] of [
    [home, 1],
    [away, -1],
  ] as const) {
    blend(form, 'goals', sign * goalSurprise)
    blend(form, 'homeGoals', goalSurprise)
    blend(form, 'targets', sign * targetGap)
    blend(form, 'odds', sign * oddsSurprise)
    blend(form, 'homeOdds', oddsSurprise)
    blend(form, 'luck', sign * luck)
  }
}

/** From 0 rather than from the first value: one match tells little, and the mean should say so. */
function blend(form: ClubForm, key: keyof ClubForm, value: number): void {
  if (Number.isNaN(value)) return
  const before = Number.isNaN(form[key]) ? 0 : form[key]
  form[key] = before + newestShare[key] * (value - before)
}
