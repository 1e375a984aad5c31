import { z } from 'zod'
import { formatDay, parseDay } from './calendar.ts'
import { type ClubForm, formKeys } from './club-form.ts'
import { listFilters, modeSchema } from './parameters.ts'
import type { ClubState, LeagueState, RatingState } from './rating-state.ts'

const countsSchema = z.strictObject({ shots: z.number(), targets: z.number(), corners: z.number() })

const leagueSchema = z.strictObject({
  division: z.string().min(1),
  name: z.string().min(1),
  country: z.string().min(1),
  tier: z.int().positive(),
  spans_two_years: z.boolean(),
  /** A filter each: log goals a side, log home advantage. */
  levels: z.array(z.strictObject({ goals: z.number(), home: z.number() })),
  /** A filter each: log rates of the counts. */
  counts: z.array(z.strictObject({ home: countsSchema, away: countsSchema })),
})

const clubSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/),
  name: z.string().min(1),
  country: z.string().min(1),
  aliases: z.array(z.string().min(1)),
  division: z.string().min(1),
  last_match: z.iso.date(),
  season: z.int(),
  season_matches: z.int().positive(),
  /** A filter each: attack, defence and their variances, log-goal scale. */
  strengths: z.array(z.tuple([z.number(), z.number(), z.number().positive(), z.number().positive()])),
  /** In the order of `ClubForm`; null = not observed yet. */
  form: z.array(z.number().nullable()).length(formKeys.length),
})

/** What `states.json` of a model says: all the ratings know on the evening of `ratings_until`. */
export const statesSchema = z.strictObject({
  format: z.literal(1),
  mode: modeSchema,
  ratings_until: z.iso.date(),
  /** How much stronger the average first-league club of a country is, log-goal scale. */
  country_levels: z.record(z.string(), z.number()),
  leagues: z.array(leagueSchema).min(1),
  clubs: z.array(clubSchema).min(2),
})

export type States = z.infer<typeof statesSchema>

/** What a club is called, by country and by name in the data. */
export interface ClubLabel {
  readonly id: string
  readonly aliases: readonly string[]
}

export interface StateLabels {
  readonly clubOf: (club: ClubState) => ClubLabel
  readonly leagueNameOf: (division: string) => string
  readonly countryLevels: Readonly<Record<string, number>>
}

/** The content of `states.json`; numbers keep 9 significant digits, far below what a float32 input can tell apart. */
export function captureStates(state: RatingState, ratingsUntilDay: number, labels: StateLabels): States {
  return {
    format: 1,
    mode: state.mode,
    ratings_until: formatDay(ratingsUntilDay),
    country_levels: { ...labels.countryLevels },
    leagues: [...state.leagues.values()].map((league) =>
      captureLeague(league, labels.leagueNameOf(league.division)),
    ),
    clubs: state.clubs.map((club) => captureClub(club, labels.clubOf(club))),
  }
}

function captureLeague(
  { division, country, tier, spansTwoYears, levels, counts }: LeagueState,
  name: string,
) {
  const round = ({ shots, targets, corners }: Record<'shots' | 'targets' | 'corners', number>) => ({
    shots: shorten(shots),
    targets: shorten(targets),
    corners: shorten(corners),
  })
  return {
    division,
    name,
    country,
    tier,
    spans_two_years: spansTwoYears,
    levels: levels.map(({ goals, home }) => ({ goals: shorten(goals), home: shorten(home) })),
    counts: counts.map(({ home, away }) => ({ home: round(home), away: round(away) })),
  }
}

function captureClub(club: ClubState, { id, aliases }: ClubLabel): States['clubs'][number] {
  return {
    id,
    name: club.name,
    country: club.country,
    aliases: [...aliases],
    division: club.division,
    last_match: formatDay(club.lastDay),
    season: club.season,
    season_matches: club.seasonMatches,
    strengths: club.strengths.map(({ attack, defence, attackVariance, defenceVariance }) => [
      shorten(attack),
      shorten(defence),
      shorten(attackVariance),
      shorten(defenceVariance),
    ]),
    form: formKeys.map((key) => (Number.isNaN(club.form[key]) ? null : shorten(club.form[key]))),
  }
}

function shorten(value: number): number {
  return Number(value.toPrecision(9))
}

/**
 * The ratings as they stood; learning can go on from them.
 * @throws RangeError states of another number of filters than the mode has
 */
export function restoreStates(states: States): RatingState {
  const filters = listFilters(states.mode).length
  const clubs = states.clubs.map((club): ClubState => {
    if (club.strengths.length !== filters)
      throw new RangeError(`club ${club.id} has not ${filters} strengths`)
    return {
      country: club.country,
      name: club.name,
      division: club.division,
      lastDay: parseDay(club.last_match) ?? -1,
      season: club.season,
      seasonMatches: club.season_matches,
      strengths: club.strengths.map(([attack, defence, attackVariance, defenceVariance]) => ({
        attack,
        defence,
        attackVariance,
        defenceVariance,
      })),
      form: restoreForm(club.form),
    }
  })
  const leagues = new Map(states.leagues.map((league) => [league.division, restoreLeague(league, filters)]))
  return { mode: states.mode, clubs, leagues }
}

function restoreForm(values: readonly (number | null)[]): ClubForm {
  const at = (key: keyof ClubForm) => values[formKeys.indexOf(key)] ?? NaN
  return {
    goals: at('goals'),
    homeGoals: at('homeGoals'),
    targets: at('targets'),
    odds: at('odds'),
    homeOdds: at('homeOdds'),
    luck: at('luck'),
  }
}

function restoreLeague(league: States['leagues'][number], filters: number): LeagueState {
  const { division, country, tier, spans_two_years, levels, counts } = league
  if (levels.length !== filters || counts.length !== filters) {
    throw new RangeError(`league ${division} has not ${filters} levels`)
  }
  return {
    division,
    country,
    tier,
    spansTwoYears: spans_two_years,
    levels: levels.map((level) => ({ ...level })),
    counts: counts.map(({ home, away }) => ({ home: { goals: 0, ...home }, away: { goals: 0, ...away } })),
  }
}
