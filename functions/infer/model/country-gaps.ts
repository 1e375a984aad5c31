import type { Gaps } from './features.ts'
import { listFilters } from './parameters.ts'
import type { ClubState, RatingState } from './rating-state.ts'

/** Clubs that have not played for longer do not speak for their league. */
const activeDays = 400

/** Where the ratings of a country centre, by country; one number a filter. */
export type Centres = ReadonlyMap<string, readonly number[]>

/** Taken once of ratings that stand still: finding a centre looks at every club. */
export function measureCentres(state: RatingState): Centres {
  const countries = new Set(state.clubs.map(({ country }) => country))
  const centresOf = (country: string) => listFilters(state.mode).map((_, at) => centreOf(state, country, at))
  return new Map([...countries].map((country) => [country, centresOf(country)]))
}

/**
 * The edge of the home side that ratings cannot show when the clubs' countries never meet in the data: each country's
 * ratings centre on its own first league, so the centres are set to the levels given by hand. One number a filter,
 * log-goal scale; empty within a country, where promotion and relegation connect the leagues.
 */
export function measureGaps(
  centres: Centres,
  countryLevels: Readonly<Record<string, number>>,
  home: ClubState,
  away: ClubState,
): Gaps {
  if (home.country === away.country) return []
  const lowest = Math.min(0, ...Object.values(countryLevels))
  const levelOf = (country: string) => countryLevels[country] ?? lowest
  return home.strengths.map(
    (_strength, at) =>
      levelOf(home.country) -
      (centres.get(home.country)?.[at] ?? 0) -
      (levelOf(away.country) - (centres.get(away.country)?.[at] ?? 0)),
  )
}

/** Mean of attack + defence over the active clubs of the country's highest league. */
function centreOf(state: RatingState, country: string, filterAt: number): number {
  const leagues = [...state.leagues.values()].filter((league) => league.country === country)
  const tier = Math.min(...leagues.map((league) => league.tier))
  const top = leagues.filter((league) => league.tier === tier).map((league) => league.division)
  const members = state.clubs.filter((club) => top.includes(club.division))
  const lastDay = members.reduce((last, club) => Math.max(last, club.lastDay), 0)
  const active = members.filter((club) => club.lastDay >= lastDay - activeDays)
  const sum = active.reduce((total, club) => {
    const strength = club.strengths[filterAt]
    return total + (strength ? strength.attack + strength.defence : 0)
  }, 0)
  return active.length > 0 ? sum / active.length : 0
}
