import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { parseCommand } from '../../../scripts/pipeline/parse-command.ts'
import { UsageError } from '../../../scripts/usage-error.ts'
import { inventMatches, writeFolder } from './invented-league.ts'

const main = fileURLToPath(new URL('../../../scripts/pipeline/main.ts', import.meta.url))

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const run = async (...words: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [main, ...words], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })

describe('pipeline command line', () => {
  it('prints figures alone on stdout, and writes the forecasts', async () => {
    const folder = await writeFolder(inventMatches(2012, 2023))
    const file = join(folder, 'forecasts.csv')
    const ended = await run(
      'evaluate',
      '--data',
      folder,
      '--mode',
      'RSO',
      '--from',
      '2022-07-01',
      '--json',
      '--predictions',
      file,
    )
    expect(ended).to.include({ code: 0 })
    expect(JSON.parse(ended.stdout)).to.have.nested.property('all.n', 224)
    expect(ended.stderr).to.include('1344 matches')
    expect((await readFile(file, 'utf8')).trimEnd().split('\n')).to.have.length(225)
  })

  it('forecasts from results alone', async () => {
    const folder = await writeFolder(inventMatches(2012, 2023))
    await rm(join(folder, 'stats_odds.csv'))
    expect(await run('evaluate', '--data', folder, '--mode', 'R')).to.include({ code: 0 })
    const ended = await run('evaluate', '--data', folder, '--mode', 'RS')
    expect(ended).to.include({ code: 1, stdout: '' })
    expect(ended.stderr).to.include('stats_odds.csv.gz: not found')
  })

  it('explains itself', async () => {
    expect(await run('--help')).to.include({ code: 0, stderr: '' })
    const ended = await run('guess')
    expect(ended).to.include({ code: 2, stdout: '' })
    expect(ended.stderr).to.include('There is no command guess.')
  })

  const wrong: Record<string, string> = {
    '': 'Say train or evaluate.',
    'train --data': '--data',
    'evaluate --data x --mode C': '--mode must be one of R, RS, RSO, not C',
    'evaluate --data x --from 1.7.2022': '--from must be a date like 2024-06-28, not 1.7.2022',
    'evaluate --data x --from 2023-07-01 --to 2023-06-30': '--to lies before --from',
    'evaluate --data x --speed 9': '--speed',
  }
  for (const [line, message] of Object.entries(wrong)) {
    it(`refuses "${line}"`, () => {
      const words = line.split(' ').filter((word) => word !== '')
      expect(() => parseCommand(words)).to.throw(UsageError, message)
    })
  }
})
