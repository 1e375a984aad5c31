import { parseDay } from '../../functions/infer/model/calendar.ts'
import { arePlausibleOdds } from '../../functions/infer/model/fair-odds.ts'
import type { MatchTable, OddsColumns, StatisticColumns } from './match-table.ts'
import { type CsvRow, hasTable, readCsv } from './read-csv.ts'

const resultColumns = [
  'id',
  'date',
  'country',
  'div',
  'tier',
  'season',
  'home',
  'away',
  'result',
  'home_goals',
  'away_goals',
]

interface ResultRow {
  readonly id: number
  readonly day: number
  readonly leagueAt: number
  readonly homeAt: number
  readonly awayAt: number
  readonly homeGoals: number
  readonly awayGoals: number
  readonly spansTwoYears: boolean
}

/** Names of one club that changed its name, or is written in two ways: by country, from the other name to the one kept. */
export type MergedClubs = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Whether a forecast needs statistics and odds; where it does not, they may be missing. */
export type StatisticsNeed = 'required' | 'if present'

/**
 * Reads results.csv.gz and stats_odds.csv.gz.
 * @throws DataFileError with file, line and column
 */
export async function readMatches(
  folder: string,
  need: StatisticsNeed,
  merged: MergedClubs,
): Promise<MatchTable> {
  const leagues = new Places<{ division: string; country: string; tier: number }>()
  const clubs = new Places<{ country: string; name: string }>()
  const rows: ResultRow[] = []
  const rowById = new Map<number, number>()
  await readCsv(folder, 'results', resultColumns, (row) => {
    const read = readResult(row, leagues, clubs, merged)
    if (rowById.has(read.id)) row.fail('id', `${read.id} stands twice`)
    rowById.set(read.id, 0)
    rows.push(read)
  })
  // Files are ascending already; later parts put behind each other may not be.
  rows.sort((one, other) => one.day - other.day || one.id - other.id)
  for (const [at, { id }] of rows.entries()) rowById.set(id, at)
  const rest = startColumns(rows.length)
  const wantsStatistics = need === 'required' || (await hasTable(folder, 'stats_odds'))
  const statistics = wantsStatistics ? await readStatistics(folder, rowById, rest) : 0
  return {
    ...columnsOf(rows),
    ...rest,
    leagues: leagues.list,
    clubs: clubs.list,
    rows: { results: rows.length, statistics },
  }
}

/** Numbers things by key in the order they come. */
class Places<T> {
  readonly list: T[] = []
  readonly #places = new Map<string, number>()

  find(key: string, make: () => T): number {
    const known = this.#places.get(key)
    if (known !== undefined) return known
    this.#places.set(key, this.list.length)
    return this.list.push(make()) - 1
  }

  at(place: number): T | undefined {
    return this.list[place]
  }
}

function readResult(
  row: CsvRow,
  leagues: Places<{ division: string; country: string; tier: number }>,
  clubs: Places<{ country: string; name: string }>,
  merged: MergedClubs,
): ResultRow {
  const date = row.text('date')
  const day = parseDay(date) ?? row.fail('date', `"${date}" is not a date like 2024-06-28`)
  const [country, division, tier] = [row.text('country'), row.text('div'), row.whole('tier', 1, 9)]
  const leagueAt = leagues.find(division, () => ({ division, country, tier }))
  if (leagues.at(leagueAt)?.country !== country)
    row.fail('country', `league ${division} had another country before`)
  const kept = (name: string) => merged[country]?.[name] ?? name
  const clubAt = (name: string) => clubs.find(`${country}\t${name}`, () => ({ country, name }))
  const [home, away] = [kept(row.text('home')), kept(row.text('away'))]
  if (home === away) row.fail('away', `${home} cannot play itself`)
  const [homeGoals, awayGoals] = [row.whole('home_goals', 0, 99), row.whole('away_goals', 0, 99)]
  const result = homeGoals > awayGoals ? 'H' : homeGoals === awayGoals ? 'D' : 'A'
  if (row.text('result') !== result)
    row.fail('result', `is not ${result}, though the goals are ${homeGoals}:${awayGoals}`)
  return {
    id: row.whole('id', 0, 2 ** 31 - 1),
    day,
    leagueAt,
    homeAt: clubAt(home),
    awayAt: clubAt(away),
    homeGoals,
    awayGoals,
    spansTwoYears: row.text('season').includes('/'),
  }
}

function columnsOf(rows: readonly ResultRow[]) {
  return {
    count: rows.length,
    ids: Int32Array.from(rows, (row) => row.id),
    days: Int32Array.from(rows, (row) => row.day),
    leagueAt: Int32Array.from(rows, (row) => row.leagueAt),
    homeAt: Int32Array.from(rows, (row) => row.homeAt),
    awayAt: Int32Array.from(rows, (row) => row.awayAt),
    spansTwoYears: Uint8Array.from(rows, (row) => Number(row.spansTwoYears)),
    homeGoals: Uint8Array.from(rows, (row) => row.homeGoals),
    awayGoals: Uint8Array.from(rows, (row) => row.awayGoals),
  }
}

interface UnknownColumns {
  readonly statistics: StatisticColumns
  readonly closing: OddsColumns
  readonly learnt: OddsColumns
}

function startColumns(count: number): UnknownColumns {
  const numbers = () => new Float32Array(count).fill(NaN)
  const odds = () => ({
    home: new Float64Array(count).fill(NaN),
    draw: new Float64Array(count).fill(NaN),
    away: new Float64Array(count).fill(NaN),
  })
  return {
    statistics: {
      homeShots: numbers(),
      awayShots: numbers(),
      homeTargets: numbers(),
      awayTargets: numbers(),
      homeCorners: numbers(),
      awayCorners: numbers(),
    },
    closing: odds(),
    learnt: odds(),
  }
}

const statisticColumns = {
  homeShots: 'home_shots',
  awayShots: 'away_shots',
  homeTargets: 'home_shots_target',
  awayTargets: 'away_shots_target',
  homeCorners: 'home_corners',
  awayCorners: 'away_corners',
} as const

/** Odds to learn from, the sharpest first: closing before early ones, and the two that cover most years. */
const learntSources = ['psc', 'avgc', 'b365c', 'ps', 'avg', 'b365']
const oddsNames = learntSources.map((source) => [`${source}_h`, `${source}_d`, `${source}_a`] as const)

async function readStatistics(
  folder: string,
  rowById: ReadonlyMap<number, number>,
  columns: UnknownColumns,
): Promise<number> {
  const names = ['id', ...Object.values(statisticColumns), ...oddsNames.flat()]
  const entries = Object.entries(statisticColumns) as [keyof StatisticColumns, string][]
  let known = 0
  await readCsv(folder, 'stats_odds', names, (row) => {
    const at = rowById.get(row.whole('id', 0, 2 ** 31 - 1))
    // Statistics of a match whose result is not there are of no use, and no fault either.
    if (at === undefined) return
    known += 1
    for (const [key, column] of entries) columns.statistics[key][at] = row.countOrUnknown(column)
    readOdds(row, ['avgc_h', 'avgc_d', 'avgc_a'], columns.closing, at)
    for (const source of oddsNames) if (readOdds(row, source, columns.learnt, at)) break
  })
  return known
}

/** @returns whether the source quotes a plausible price for all three outcomes */
function readOdds(
  row: CsvRow,
  source: readonly [string, string, string],
  target: OddsColumns,
  at: number,
): boolean {
  const [home, draw, away] = [
    row.positiveOrUnknown(source[0]),
    row.positiveOrUnknown(source[1]),
    row.positiveOrUnknown(source[2]),
  ]
  if (!arePlausibleOdds(home, draw, away)) return false
  target.home[at] = home
  target.draw[at] = draw
  target.away[at] = away
  return true
}
