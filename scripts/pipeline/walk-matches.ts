import { removeMarginByPower } from '../../functions/infer/model/fair-odds.ts'
import { invertOutcome } from '../../functions/infer/model/goal-model.ts'
import type { Mode } from '../../functions/infer/model/parameters.ts'
import {
  addClub,
  addLeague,
  type ClubState,
  type Fixture,
  type LeagueState,
  learnFixture,
  type RatingState,
  startState,
} from '../../functions/infer/model/rating-state.ts'
import type { PlayedMatch } from '../../functions/infer/model/strength-steps.ts'
import type { MatchTable } from './match-table.ts'

/** Called with every match before anything of its day has been learnt. */
export type Forecast = (row: number, fixture: Fixture) => void

/**
 * One pass through the matches, day by day: all forecasts of a day, then all its results.
 * @param until last day to learn from; forecasts end there too
 */
export function walkMatches(
  table: MatchTable,
  mode: Mode,
  forecast: Forecast,
  until = Infinity,
): RatingState {
  const state = startState(mode)
  const clubs: ClubState[] = []
  const fixtures: Fixture[] = []
  let next = 0
  while (next < table.count) {
    const first = next
    const day = table.days[first] ?? 0
    if (day > until) break
    fixtures.length = 0
    for (; next < table.count && table.days[next] === day; next++) {
      const fixture = enterFixture(table, next, state, clubs)
      fixtures.push(fixture)
      forecast(next, fixture)
    }
    for (const [at, fixture] of fixtures.entries()) {
      fixture.league.spansTwoYears = table.spansTwoYears[first + at] === 1
      learnFixture(state, fixture, readPlayed(table, first + at, mode))
    }
  }
  return state
}

function enterFixture(table: MatchTable, row: number, state: RatingState, clubs: ClubState[]): Fixture {
  const league = enterLeague(table, row, state)
  const day = table.days[row] ?? 0
  const enterClub = (place: number): ClubState => {
    const known = clubs[place]
    if (known) return known
    const club = table.clubs[place]
    if (!club) throw new RangeError(`row ${row} names no club`)
    const added = addClub(state, { ...club, league, day })
    clubs[place] = added
    return added
  }
  return { home: enterClub(table.homeAt[row] ?? -1), away: enterClub(table.awayAt[row] ?? -1), league, day }
}

function enterLeague(table: MatchTable, row: number, state: RatingState): LeagueState {
  const league = table.leagues[table.leagueAt[row] ?? -1]
  if (!league) throw new RangeError(`row ${row} names no league`)
  const spansTwoYears = table.spansTwoYears[row] === 1
  return state.leagues.get(league.division) ?? addLeague(state, { ...league, spansTwoYears })
}

const unknownRates = { home: NaN, away: NaN }

function readPlayed(table: MatchTable, row: number, mode: Mode): PlayedMatch {
  const { statistics } = table
  return {
    home: {
      goals: table.homeGoals[row] ?? 0,
      shots: statistics.homeShots[row] ?? NaN,
      targets: statistics.homeTargets[row] ?? NaN,
      corners: statistics.homeCorners[row] ?? NaN,
    },
    away: {
      goals: table.awayGoals[row] ?? 0,
      shots: statistics.awayShots[row] ?? NaN,
      targets: statistics.awayTargets[row] ?? NaN,
      corners: statistics.awayCorners[row] ?? NaN,
    },
    implied: mode === 'RSO' ? readImplied(table, row) : unknownRates,
  }
}

function readImplied({ learnt }: MatchTable, row: number) {
  const [home, draw, away] = [learnt.home[row] ?? NaN, learnt.draw[row] ?? NaN, learnt.away[row] ?? NaN]
  if (Number.isNaN(home)) return unknownRates
  return invertOutcome(removeMarginByPower(home, draw, away)) ?? unknownRates
}
