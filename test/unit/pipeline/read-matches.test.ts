import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { DataFileError } from '../../../scripts/pipeline/data-file-error.ts'
import { readMatches } from '../../../scripts/pipeline/read-matches.ts'
import { inventMatches, resultsHeader, statisticsHeader, writeFolder } from './invented-league.ts'

const matches = inventMatches(2012, 2012)

async function failOn(change: (folder: string) => Promise<void>): Promise<string> {
  const folder = await writeFolder(matches)
  await change(folder)
  try {
    await readMatches(folder, 'required', {})
  } catch (error) {
    if (error instanceof DataFileError) return error.message
    throw error
  }
  throw new Error('the reading should have failed')
}

const writeResults = (lines: readonly string[]) => async (folder: string) =>
  writeFile(join(folder, 'results.csv.gz'), gzipSync(`${lines.join('\n')}\n`))
const row = '1,2012-08-05,Nowhere,N1,1,2012/13,,Club A1,Club B1,H,2,1,,,invented'

describe('reading matches', () => {
  it('reads packed and plain tables into columns', async () => {
    const table = await readMatches(await writeFolder(matches), 'required', {})
    expect(table.count).to.equal(112)
    expect(table.clubs).to.have.length(16)
    expect(table.rows).to.deep.equal({ results: 112, statistics: 112 })
    expect(table.closing.home[0]).to.equal(Number(matches[0]?.statistics[19]))
  })

  it('takes two names of one club for one club', async () => {
    const table = await readMatches(await writeFolder(matches), 'required', {
      Nowhere: { 'Club A1': 'Club A2' },
    })
    expect(table.clubs).to.have.length(15)
  })

  it('does without statistics where only results are wanted', async () => {
    const folder = await writeFolder(matches)
    await rm(join(folder, 'stats_odds.csv'))
    const table = await readMatches(folder, 'if present', {})
    expect(table.rows.statistics).to.equal(0)
    expect(Number.isNaN(table.statistics.homeShots[0])).to.equal(true)
  })

  it('sorts what later parts put in disorder', async () => {
    const table = await readMatches(await writeFolder(matches.toReversed()), 'required', {})
    expect([...table.ids]).to.deep.equal(matches.map(({ id }) => id))
  })

  const faults: Record<string, [(folder: string) => Promise<void>, string]> = {
    'a missing file': [async (folder) => rm(join(folder, 'results.csv.gz')), 'results.csv.gz: not found in'],
    'missing statistics': [
      async (folder) => rm(join(folder, 'stats_odds.csv')),
      'stats_odds.csv.gz: not found in',
    ],
    'a damaged file': [
      async (folder) => writeFile(join(folder, 'results.csv.gz'), 'no gzip'),
      'results.csv.gz: is damaged',
    ],
    'a cut file': [
      async (folder) => writeFile(join(folder, 'results.csv.gz'), gzipSync(resultsHeader).subarray(0, 30)),
      'results.csv.gz: is damaged',
    ],
    'an empty file': [writeResults([]), 'results.csv.gz'],
    'another header': [writeResults(['a,b,c', '1,2,3']), 'results.csv.gz, line 1: the header lacks id, date'],
    'a short row': [writeResults([resultsHeader, row, '2,2012-08-05']), 'results.csv.gz, line 3'],
    'a wrong date': [
      writeResults([resultsHeader, row, row.replace('1,2012-08-05', '2,05/08/2012')]),
      'results.csv.gz, line 3, column date: "05/08/2012" is not a date',
    ],
    'goals that are none': [
      writeResults([resultsHeader, row.replace(',2,1,', ',x,1,')]),
      'results.csv.gz, line 2, column home_goals: "x" is not a whole number',
    ],
    'a result against the goals': [
      writeResults([resultsHeader, row.replace(',H,', ',A,')]),
      'results.csv.gz, line 2, column result: is not H, though the goals are 2:1',
    ],
    'an id that stands twice': [
      writeResults([resultsHeader, row, row]),
      'results.csv.gz, line 3, column id: 1 stands twice',
    ],
    'odds that are none': [
      async (folder) =>
        writeFile(join(folder, 'stats_odds.csv'), `${statisticsHeader}\n1,,,,,,${','.repeat(17)},-2\n`),
      'stats_odds.csv, line 2, column avgc_a: "-2" is not a number above 0',
    ],
  }
  for (const [fault, [change, message]] of Object.entries(faults)) {
    it(`names ${fault}`, async () => expect(await failOn(change)).to.include(message))
  }
})
