import { type ClubForm, formKeys } from './club-form.ts'
import { computeOutcome } from './goal-model.ts'
import { listFilters, type Mode, parametersOf } from './parameters.ts'
import { type ClubState, type Fixture, isNewSeason, meetingOf } from './rating-state.ts'
import { type ClubStrength, forecastRates, growVariance } from './team-strength.ts'

/** Form that only statistics or odds can tell. */
const richForm: Partial<Record<keyof ClubForm, Mode>> = {
  targets: 'RS',
  odds: 'RSO',
  homeOdds: 'RSO',
  luck: 'RSO',
}

/** Advantage of the home side in each filter that ratings of unconnected countries cannot show. */
export type Gaps = readonly number[]

/** Names of the inputs of the graph, in order. */
export function listFeatures(mode: Mode): readonly string[] {
  const filters = listFilters(mode)
  const perFilter = filters.flatMap((filter) =>
    ['home_draw', 'away_draw', 'home_rate', 'away_rate', 'home_variance', 'away_variance'].map(
      (name) => `${filter.toLowerCase()}_${name}`,
    ),
  )
  const form = listForm(mode).flatMap((key) => [`home_form_${snake(key)}`, `away_form_${snake(key)}`])
  return [...perFilter, ...form, ...leagueFeatures]
}

const leagueFeatures = [
  'home_rest',
  'away_rest',
  'home_season_matches',
  'away_season_matches',
  'tier',
  'home_advantage',
  'goal_level',
] as const

function listForm(mode: Mode): readonly (keyof ClubForm)[] {
  const filters = listFilters(mode)
  return formKeys.filter((key) => filters.includes(richForm[key] ?? 'R'))
}

/**
 * Writes the features of a match into `target` from `offset` on; NaN where nothing is known.
 * Reads the state only: the same numbers in the walk through the past and in serving.
 */
export function writeFeatures(
  mode: Mode,
  fixture: Fixture,
  target: Float32Array,
  offset: number,
  gaps: Gaps = [],
): void {
  let at = offset
  const put = (value: number) => {
    target[at++] = value
  }
  for (const [filterAt, filter] of listFilters(mode).entries()) {
    const meeting = meetingOf(fixture, filterAt)
    const rates = forecastRates(meeting, gaps[filterAt] ?? 0)
    const outcome = computeOutcome(rates.home, rates.away)
    put(Math.log(outcome.home / outcome.draw))
    put(Math.log(outcome.away / outcome.draw))
    put(rates.home)
    put(rates.away)
    put(sumVariance(meeting.home, fixture.home, fixture, filter))
    put(sumVariance(meeting.away, fixture.away, fixture, filter))
  }
  for (const key of listForm(mode)) {
    put(fixture.home.form[key])
    put(fixture.away.form[key])
  }
  const level = meetingOf(fixture, 0).level
  put(restOf(fixture.home, fixture.day))
  put(restOf(fixture.away, fixture.day))
  put(seasonMatchesOf(fixture.home, fixture))
  put(seasonMatchesOf(fixture.away, fixture))
  put(fixture.league.tier)
  put(level.home)
  put(level.goals)
}

/** How unsure the filter is of a club on the day. */
function sumVariance(
  strength: ClubStrength,
  club: ClubState,
  { league, day }: Fixture,
  filter: Mode,
): number {
  const { attackVariance, defenceVariance } = strength
  if (club.lastDay < 0) return attackVariance + defenceVariance
  const parameters = parametersOf(filter)
  const restDays = Math.max(0, day - club.lastDay)
  const turned = isNewSeason(club, league, day)
  return (
    growVariance(attackVariance, restDays, turned, parameters) +
    growVariance(defenceVariance, restDays, turned, parameters)
  )
}

/** Logarithm of the days since the last match, from 2 days to a month: longer is a break and says no more. */
function restOf(club: ClubState, day: number): number {
  if (club.lastDay < 0) return NaN
  return Math.log(Math.min(30, Math.max(2, day - club.lastDay)))
}

/** Matches in this season so far, as far as they still matter: after 20 a season is no longer young. */
function seasonMatchesOf(club: ClubState, { league, day }: Fixture): number {
  return isNewSeason(club, league, day) ? 0 : Math.min(20, club.seasonMatches) / 20
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
