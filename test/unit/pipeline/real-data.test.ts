import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect } from 'chai'
import { parseDay } from '../../../functions/infer/model/calendar.ts'
import { buildChampion } from '../../../scripts/pipeline/build-champion.ts'
import { evaluate } from '../../../scripts/pipeline/evaluate.ts'
import { readWords } from '../../../scripts/pipeline/label-clubs.ts'
import type { MatchTable } from '../../../scripts/pipeline/match-table.ts'
import { readMatches } from '../../../scripts/pipeline/read-matches.ts'
import { startRandom } from './invented-league.ts'

const root = resolve(import.meta.dirname, '../../..')
const folder = join(resolve(root, process.env['SOCCER_SHARED_DIR'] ?? '../shared'), 'data')
const dayOf = (date: string) => parseDay(date) ?? NaN

describe('the real matches', function () {
  this.timeout(60_000)
  let table: MatchTable
  const wordsFolder = new URL('../../../scripts/pipeline/', import.meta.url)

  before(async function () {
    if (!existsSync(join(folder, 'results.csv.gz'))) {
      console.log(`    skipped: no match data in ${folder} (set SOCCER_SHARED_DIR)`)
      this.skip()
    }
    table = await readMatches(folder, 'required', (await readWords(wordsFolder)).merged)
  })

  it('are forecast as well as promised, and not better than the closing line', () => {
    const { odds, all } = evaluate(table, 'RSO', dayOf('2022-07-01'), dayOf('2024-06-28'))
    expect(all.n).to.equal(25_143)
    expect(odds?.model.n).to.equal(25_109)
    expect(odds?.model.log_loss).to.be.within(0.997, 1.0035)
    // The bookmakers' figures were published with the data.
    expect(odds?.bookmakers.proportional.log_loss).to.be.closeTo(0.9979, 6e-5)
    expect(odds?.bookmakers.shin.log_loss).to.be.closeTo(0.9972, 6e-5)
    expect(odds?.bookmakers.power.log_loss).to.be.closeTo(0.997, 6e-5)
    expect(odds?.bookmakers.power.rps).to.be.closeTo(0.2025, 6e-5)
  })

  it('leave no trace in forecasts up to the day they are scrambled from', () => {
    const day = dayOf('2023-01-02')
    const clean = evaluate(table, 'RSO', dayOf('2022-07-01'), day)
    const scrambled = evaluate(scrambleFrom(table, day), 'RSO', dayOf('2022-07-01'), day)
    expect(clean.matches.count).to.be.greaterThan(6000)
    expect(scrambled.chances).to.deep.equal(clean.chances)
  })

  it('give the shipped champion again, byte for byte', async () => {
    const built = await buildChampion(table, await readWords(wordsFolder))
    for (const [name, bytes] of Object.entries(built)) {
      const shipped = await readFile(join(root, 'models/champion', name))
      expect(Buffer.from(bytes).equals(shipped), name).to.equal(true)
    }
  })
})

/** Everything that is known only after a match becomes nonsense from a day on. */
function scrambleFrom(table: MatchTable, day: number): MatchTable {
  const random = startRandom(5)
  const first = table.days.findIndex((value) => value >= day)
  const columns = [
    table.homeGoals,
    table.awayGoals,
    ...Object.values(table.statistics),
    ...Object.values(table.closing),
    ...Object.values(table.learnt),
  ]
  const changed = new Map(columns.map((column) => [column, column.slice()]))
  for (const column of changed.values()) {
    for (let row = first; row < column.length; row++) column[row] = 2 + 3 * random()
  }
  const copyOf = <T extends (typeof columns)[number]>(column: T): T => changed.get(column) as T
  const mapAll = <T extends object>(group: T): T =>
    Object.fromEntries(Object.entries(group).map(([key, column]) => [key, copyOf(column)])) as T
  return {
    ...table,
    homeGoals: copyOf(table.homeGoals),
    awayGoals: copyOf(table.awayGoals),
    statistics: mapAll(table.statistics),
    closing: mapAll(table.closing),
    learnt: mapAll(table.learnt),
  }
}
