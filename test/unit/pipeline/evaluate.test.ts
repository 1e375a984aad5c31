import { expect } from 'chai'
import { parseDay } from '../../../functions/infer/model/calendar.ts'
import { type Mode, modeSchema } from '../../../functions/infer/model/parameters.ts'
import { evaluate } from '../../../scripts/pipeline/evaluate.ts'
import { readMatches } from '../../../scripts/pipeline/read-matches.ts'
import { buildReport, formatPredictions, formatReport } from '../../../scripts/pipeline/report.ts'
import { type InventedMatch, inventMatches, scramble, writeFolder } from './invented-league.ts'

const dayOf = (date: string) => parseDay(date) ?? NaN
const seasons = inventMatches(2012, 2023)

async function evaluateMatches(matches: readonly InventedMatch[], mode: Mode, from: string, to: string) {
  const table = await readMatches(await writeFolder(matches), 'required', {})
  return { table, evaluation: evaluate(table, mode, dayOf(from), dayOf(to)) }
}

describe('evaluate', () => {
  for (const mode of modeSchema.options) {
    it(`${mode}: nothing from a day on changes a forecast up to that day`, async () => {
      const day = seasons.find(({ date }) => date > '2022-12-01')?.date ?? ''
      const [clean, scrambled] = [
        await evaluateMatches(seasons, mode, '2022-07-01', day),
        await evaluateMatches(scramble(seasons, day), mode, '2022-07-01', day),
      ]
      expect(clean.evaluation.matches.count).to.be.greaterThan(40)
      expect(scrambled.evaluation.chances).to.deep.equal(clean.evaluation.chances)
      const after = await evaluateMatches(scramble(seasons, day), mode, '2022-07-01', '2024-06-30')
      const before = await evaluateMatches(seasons, mode, '2022-07-01', '2024-06-30')
      expect(after.evaluation.chances, 'the scrambling must matter later').not.to.deep.equal(
        before.evaluation.chances,
      )
    })
  }

  it('keeps the weights fitted before July 2022 for later seasons, new clubs and new leagues', async () => {
    const last = seasons.at(-1)
    const added = inventMatches(2024, 2024).map((match): InventedMatch => {
      const id = (last?.id ?? 0) + match.id
      const [, date = '', , division = '', ...rest] = match.results
      const renamed = rest.map((cell) => (cell.startsWith('Club C') ? `New ${cell}` : cell))
      const league = division === 'N2' ? ['Elsewhere', 'X1'] : ['Nowhere', 'N1']
      return {
        ...match,
        id,
        results: [String(id), date, ...league, ...renamed],
        statistics: [String(id), ...match.statistics.slice(1)],
      }
    })
    const { evaluation } = await evaluateMatches([...seasons, ...added], 'RSO', '2024-07-01', '2025-06-30')
    const { evaluation: earlier } = await evaluateMatches(seasons, 'RSO', '2022-07-01', '2024-06-30')
    expect(evaluation.matches.count).to.equal(added.length)
    expect(evaluation.model).to.deep.equal(earlier.model)
    expect([...evaluation.chances].every((chance) => chance > 0 && chance < 1)).to.equal(true)
  })

  it('writes one line a match, summing to 1, and figures beside the bookmakers', async () => {
    const { table, evaluation } = await evaluateMatches(seasons, 'RSO', '2023-07-01', '2024-06-30')
    const [header, first = '', ...rest] = formatPredictions(table.ids, evaluation).trimEnd().split('\n')
    expect(header).to.equal('id,home,draw,away')
    expect(rest).to.have.length(8 * 14 - 1)
    const [id, ...chances] = first.split(',').map(Number)
    expect(id).to.equal(8 * 14 * 11 + 1)
    expect(chances.reduce((sum, chance) => sum + chance, 0)).to.be.closeTo(1, 1e-6)
    const report = buildReport(evaluation)
    expect(report).to.deep.include({ mode: 'RSO', from: '2023-08-05' })
    expect(report.odds?.n).to.equal(report.bookmakers?.power.n)
    expect(formatReport(report)).to.include('closing line, Shin')
  })

  it('judges without odds where there are none', async () => {
    const bare = seasons.map((match) => ({
      ...match,
      statistics: match.statistics.map((cell, at) => (at > 6 ? '' : cell)),
    }))
    const { evaluation } = await evaluateMatches(bare, 'RSO', '2022-07-01', '2024-06-30')
    expect(evaluation.odds).to.equal(null)
    expect(buildReport(evaluation)).to.include({ odds: null, bookmakers: null })
  })

  it('says when there is nothing to forecast, or too little to learn from', async () => {
    const table = await readMatches(await writeFolder(seasons), 'required', {})
    expect(() => evaluate(table, 'R', dayOf('2031-01-01'), Infinity)).to.throw('no match from 2031-01-01')
    expect(() => evaluate(table, 'R', dayOf('2012-08-20'), Infinity)).to.throw('weights need at least 100')
  })
})
