import { seasonOf } from './calendar.ts'
import { type ClubForm, learnForm, startForm } from './club-form.ts'
import { listFilters, type Mode, parametersOf } from './parameters.ts'
import { type CountLevels, learnMatch, type PlayedMatch, startCountLevels } from './strength-steps.ts'
import {
  type ClubStrength,
  forecastRates,
  growVariance,
  type LeagueLevel,
  type Meeting,
  startLevel,
  startStrength,
} from './team-strength.ts'

/** All that is remembered of a club. One strength a filter, in the order of `listFilters`. */
export interface ClubState {
  readonly country: string
  /** As the data source writes it; unique within the country. */
  readonly name: string
  /** Code of the league of its last match. */
  division: string
  /** Day number of its last match; −1 before the first. */
  lastDay: number
  /** Year its last season began in. */
  season: number
  /** Matches played in that season. */
  seasonMatches: number
  readonly strengths: ClubStrength[]
  readonly form: ClubForm
}

/** All that is remembered of a league. One level a filter. */
export interface LeagueState {
  readonly division: string
  readonly country: string
  readonly tier: number
  spansTwoYears: boolean
  readonly levels: LeagueLevel[]
  readonly counts: CountLevels[]
}

/** What the walk through the matches has learnt so far. */
export interface RatingState {
  readonly mode: Mode
  readonly clubs: ClubState[]
  readonly leagues: Map<string, LeagueState>
}

/** A match to come. */
export interface Fixture {
  readonly home: ClubState
  readonly away: ClubState
  readonly league: LeagueState
  readonly day: number
}

/** A club that has not played for longer is no yardstick of its league. */
const activeDays = 400
/** Fewer clubs make no percentile. */
const leastActiveClubs = 4

export function startState(mode: Mode): RatingState {
  return { mode, clubs: [], leagues: new Map() }
}

export function addLeague(
  state: RatingState,
  league: Pick<LeagueState, 'division' | 'country' | 'tier' | 'spansTwoYears'>,
): LeagueState {
  const filters = listFilters(state.mode)
  const added: LeagueState = {
    ...league,
    levels: filters.map(() => startLevel()),
    counts: filters.map(() => startCountLevels()),
  }
  state.leagues.set(league.division, added)
  return added
}

/** A club seen for the first time starts a little below the clubs it meets. */
export function addClub(
  state: RatingState,
  club: { country: string; name: string; league: LeagueState; day: number },
): ClubState {
  const { country, name, league, day } = club
  const active = state.clubs.filter(
    (known) => known.division === league.division && known.lastDay >= day - activeDays,
  )
  const strengths = listFilters(state.mode).map((filter, at) => {
    const parameters = parametersOf(filter)
    const fallback = -parameters.tierStep * (league.tier - 1)
    const start = (key: 'attack' | 'defence') =>
      active.length < leastActiveClubs
        ? fallback
        : findPercentile(
            active.map((known) => known.strengths[at]?.[key] ?? fallback),
            parameters.newcomerPercentile,
          )
    return startStrength(parameters, start('attack'), start('defence'))
  })
  const added: ClubState = {
    country,
    name,
    division: league.division,
    lastDay: -1,
    season: -1,
    seasonMatches: 0,
    strengths,
    form: startForm(),
  }
  state.clubs.push(added)
  return added
}

/** Linear interpolation between the two nearest ranks. */
function findPercentile(values: readonly number[], percentile: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const rank = ((sorted.length - 1) * percentile) / 100
  const below = sorted[Math.floor(rank)] ?? 0
  const above = sorted[Math.ceil(rank)] ?? below
  return below + (above - below) * (rank - Math.floor(rank))
}

/** The two clubs as one filter sees them. */
export function meetingOf({ home, away, league }: Fixture, filterAt: number): Meeting {
  const [homeStrength, awayStrength, level] = [
    home.strengths[filterAt],
    away.strengths[filterAt],
    league.levels[filterAt],
  ]
  if (!homeStrength || !awayStrength || !level) throw new RangeError(`the ratings hold no filter ${filterAt}`)
  return { home: homeStrength, away: awayStrength, level }
}

export function isNewSeason(club: ClubState, league: LeagueState, day: number): boolean {
  return club.season !== seasonOf(day, league.spansTwoYears)
}

/** Learns from a played match. All forecasts of the day must have been made before. */
export function learnFixture(state: RatingState, fixture: Fixture, played: PlayedMatch): void {
  const { home, away, league, day } = fixture
  const filters = listFilters(state.mode)
  const expected = {
    plain: forecastRates(meetingOf(fixture, 0)),
    rich: forecastRates(meetingOf(fixture, filters.length - 1)),
  }
  learnForm(home.form, away.form, expected, played)
  for (const [at, filter] of filters.entries()) {
    const meeting = meetingOf(fixture, at)
    const parameters = parametersOf(filter)
    growClub(meeting.home, home, fixture, parameters)
    growClub(meeting.away, away, fixture, parameters)
    const counts = league.counts[at]
    if (counts) learnMatch(meeting, counts, played, parameters)
  }
  recordMatch(home, league, day)
  recordMatch(away, league, day)
}

function growClub(
  strength: ClubStrength,
  club: ClubState,
  { league, day }: Fixture,
  parameters: ReturnType<typeof parametersOf>,
): void {
  if (club.lastDay < 0) return
  const [restDays, turned] = [Math.max(0, day - club.lastDay), isNewSeason(club, league, day)]
  strength.attackVariance = growVariance(strength.attackVariance, restDays, turned, parameters)
  strength.defenceVariance = growVariance(strength.defenceVariance, restDays, turned, parameters)
}

function recordMatch(club: ClubState, league: LeagueState, day: number): void {
  const season = seasonOf(day, league.spansTwoYears)
  club.seasonMatches = club.season === season ? club.seasonMatches + 1 : 1
  club.season = season
  club.lastDay = day
  club.division = league.division
}
