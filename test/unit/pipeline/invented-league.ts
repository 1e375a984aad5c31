import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** One match of the invented data; texts as they stand in the files. */
export interface InventedMatch {
  readonly id: number
  readonly date: string
  readonly results: readonly string[]
  readonly statistics: readonly string[]
}

const statisticNames =
  'home_shots,away_shots,home_shots_target,away_shots_target,home_corners,away_corners,b365_h,b365_d,b365_a,ps_h,ps_d,ps_a,avg_h,avg_d,avg_a,b365c_h,b365c_d,b365c_a,psc_h,psc_d,psc_a,avgc_h,avgc_d,avgc_a'
export const resultsHeader =
  'id,date,country,div,tier,season,split,home,away,result,home_goals,away_goals,ht_home_goals,ht_away_goals,source'
export const statisticsHeader = `id,${statisticNames}`

/** A generator of numbers from 0 to 1 that is the same everywhere (Park and Miller). */
export function startRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48271) % 2147483647
    return state / 2147483647
  }
}

function drawPoisson(rate: number, random: () => number): number {
  let count = 0
  for (let product = random(); product > Math.exp(-rate); product *= random()) count += 1
  return count
}

/** Seasons of two leagues of eight invented clubs each; every season the last club of the first falls and one rises. */
export function inventMatches(firstYear: number, lastYear: number): InventedMatch[] {
  const random = startRandom(7)
  const leagues = [0, 1].map((tier) =>
    Array.from({ length: 8 }, (_none, at) => `Club ${'ABCDEFGH'[at]}${tier + 1}`),
  )
  const strengths = new Map(
    leagues.flat().map((club) => [club, random() * 0.6 - 0.3 - (club.endsWith('2') ? 0.2 : 0)]),
  )
  const matches: InventedMatch[] = []
  for (let year = firstYear; year <= lastYear; year++) {
    for (let round = 0; round < 14; round++) {
      const date = new Date(Date.UTC(year, 7, 5 + round * 18)).toISOString().slice(0, 10)
      for (const [tier, clubs] of leagues.entries()) {
        for (let pair = 0; pair < 4; pair++) {
          const one = pair === 0 ? 7 : (round + pair) % 7
          const other = pair === 0 ? round % 7 : (round - pair + 7) % 7
          const [home = '', away = ''] = [clubs[round < 7 ? one : other], clubs[round < 7 ? other : one]]
          const gap = (strengths.get(home) ?? 0) - (strengths.get(away) ?? 0) + 0.15
          matches.push(inventMatch(matches.length + 1, date, { tier, year, home, away, gap }, random))
        }
      }
    }
    const [fallen = '', risen = ''] = [leagues[0]?.[year % 8], leagues[1]?.[year % 8]]
    leagues[0]?.splice(year % 8, 1, risen)
    leagues[1]?.splice(year % 8, 1, fallen)
  }
  return matches
}

interface Pairing {
  readonly tier: number
  readonly year: number
  readonly home: string
  readonly away: string
  readonly gap: number
}

function inventMatch(
  id: number,
  date: string,
  { tier, year, home, away, gap }: Pairing,
  random: () => number,
): InventedMatch {
  const rates = [1.3 * Math.exp(gap), 1.3 * Math.exp(-gap)]
  const goals = rates.map((rate) => drawPoisson(rate, random))
  const counts = [9, 3.5, 4].flatMap((level) =>
    rates.map((rate) => String(drawPoisson(level * rate ** 0.6, random))),
  )
  const [homeGoals = 0, awayGoals = 0] = goals
  const result = homeGoals > awayGoals ? 'H' : homeGoals === awayGoals ? 'D' : 'A'
  const chance = 0.37 / (1 + Math.exp(-2.4 * gap)) / 0.5
  const odds = [chance, 0.26, 0.74 - chance].map((share) => (1 / (share * 1.05)).toFixed(2))
  const season = `${year}/${String((year + 1) % 100).padStart(2, '0')}`
  return {
    id,
    date,
    results: [
      String(id),
      date,
      'Nowhere',
      `N${tier + 1}`,
      String(tier + 1),
      season,
      '',
      home,
      away,
      result,
      ...goals.map(String),
      '',
      '',
      'invented',
    ],
    // Only closing odds: Pinnacle and average.
    statistics: [String(id), ...counts, ...Array.from({ length: 12 }, () => ''), ...odds, ...odds],
  }
}

/** Writes the matches as a data folder: one table packed, one plain. */
export async function writeFolder(matches: readonly InventedMatch[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'invented-league-'))
  const results = [resultsHeader, ...matches.map((match) => match.results.join(','))].join('\n')
  const statistics = [statisticsHeader, ...matches.map((match) => match.statistics.join(','))].join('\n')
  await writeFile(join(folder, 'results.csv.gz'), gzipSync(`${results}\n`))
  await writeFile(join(folder, 'stats_odds.csv'), `${statistics}\n`)
  return folder
}

/** The same matches, but everything learnt from day `from` on is nonsense; date, league and clubs stay. */
export function scramble(matches: readonly InventedMatch[], from: string): InventedMatch[] {
  const random = startRandom(99)
  return matches.map((match) => {
    if (match.date < from) return match
    const results = [...match.results]
    results.splice(9, 3, 'A', '0', String(1 + Math.floor(random() * 8)))
    const [id = '', ...cells] = match.statistics
    const nonsense = cells.map((cell, at) => {
      if (cell === '') return ''
      return at < 6 ? String(Math.floor(random() * 40)) : ['9.0', '4.0', '1.45'][at % 3]
    })
    return { ...match, results, statistics: [id, ...nonsense.map(String)] }
  })
}
