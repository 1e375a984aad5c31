import { z } from 'zod'

/** What the ratings may learn from: results; + match statistics; + closing odds of earlier matches. */
export const modeSchema = z.enum(['R', 'RS', 'RSO'])
export type Mode = z.infer<typeof modeSchema>

/** Settings of one team-strength filter. Rates are natural logarithms of goals, variances their squares. */
export interface StrengthParameters {
  readonly usesCounts: boolean
  readonly usesOdds: boolean
  /** Variance gained per day since the club's last match. */
  readonly variancePerDay: number
  /** Variance gained at a new season. */
  readonly variancePerSeason: number
  /** Variance of a club nothing is known of; no club is less certain. */
  readonly startVariance: number
  /** How much weaker a club of the next tier starts where its league is new as well. */
  readonly tierStep: number
  /** Variance of the noise of log rates read from closing odds. */
  readonly oddsNoise: number
  /** Weights of the innovations. */
  readonly goalWeight: number
  readonly shotWeight: number
  readonly targetWeight: number
  readonly cornerWeight: number
  /** Share of a step of attack that goes to defence too, and the other way round. */
  readonly sharedStep: number
  /** Step of the league's goal level and home advantage per match. */
  readonly levelRate: number
  readonly homeRate: number
  /** A newcomer starts at this percentile of the active clubs of its league. */
  readonly newcomerPercentile: number
}

const base = {
  shotWeight: 0,
  targetWeight: 0,
  cornerWeight: 0,
  goalWeight: 1,
  oddsNoise: 0.03,
  usesCounts: false,
  usesOdds: false,
}

const byMode: Record<Mode, StrengthParameters> = {
  R: {
    ...base,
    variancePerDay: 1e-5,
    variancePerSeason: 0.01,
    startVariance: 0.03,
    tierStep: 0.13,
    sharedStep: 0.2,
    levelRate: 0.001,
    homeRate: 0.002,
    newcomerPercentile: 20,
  },
  RS: {
    ...base,
    usesCounts: true,
    variancePerDay: 3e-5,
    variancePerSeason: 0.02,
    startVariance: 0.03,
    tierStep: 0.13,
    goalWeight: 0.6,
    shotWeight: 0.1,
    targetWeight: 0.1,
    cornerWeight: 0.2,
    sharedStep: 0.4,
    levelRate: 0.001,
    homeRate: 0.002,
    newcomerPercentile: 20,
  },
  RSO: {
    ...base,
    usesCounts: true,
    usesOdds: true,
    variancePerDay: 4e-4,
    variancePerSeason: 0.03,
    startVariance: 0.08,
    tierStep: 0.2,
    goalWeight: 0.8,
    shotWeight: 0.15,
    targetWeight: 0.2,
    cornerWeight: 0.2,
    sharedStep: 0.2,
    levelRate: 0.004,
    homeRate: 0.02,
    newcomerPercentile: 40,
  },
}

/** The filters that run in a mode, the richest last. */
export function listFilters(mode: Mode): readonly Mode[] {
  return modeSchema.options.slice(0, modeSchema.options.indexOf(mode) + 1)
}

/** Settings of a filter; chosen on matches before July 2022. */
export function parametersOf(filter: Mode): StrengthParameters {
  return byMode[filter]
}
