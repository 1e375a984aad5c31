import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { z } from 'zod'
import { ask, type Run, root, runWith, untilReady } from '../support/running-bundle.ts'
import { platform } from './support/platform.ts'
import { freePort } from './support/program.ts'

const examples = join(root, 'events/examples')
const folders = { predict: '.', scrape: 'functions/scrape', infer: 'functions/infer' } as const
type FunctionName = keyof typeof folders

const prediction = 'soccer.prediction.completed.v1'
const predictionFailed = 'soccer.prediction.failed.v1'

/** What func prints of the reply to each valid example; nothing where there is none. */
const replies: readonly (readonly [FunctionName, type: string, file: string, reply: string | undefined])[] = [
  // The site has no such match; asked before the example of a scraped page makes it known.
  ['scrape', 'soccer.match.requested.v1', 'valid.json', 'soccer.match.failed.v1'],
  ['predict', 'soccer.match.requested.v1', 'valid.json', predictionFailed],
  ['infer', 'soccer.prediction.requested.v1', 'valid.json', prediction],
  ['infer', 'soccer.match.scraped.v1', 'valid.json', prediction],
  ['infer', 'soccer.match.scraped.v1', 'valid-nothing-known-of-missing-players.json', prediction],
  ['scrape', 'soccer.fixtures.requested.v1', 'valid.json', 'soccer.fixtures.scraped.v1'],
  ['predict', 'soccer.prediction.requested.v1', 'valid.json', prediction],
  ['predict', 'soccer.match.failed.v1', 'valid.json', undefined],
  ['predict', 'soccer.prediction.failed.v1', 'valid.json', undefined],
]

const exampleSchema = z.object({ source: z.string(), type: z.string(), data: z.unknown() })
const attributeLine = (name: string, value: string) =>
  new RegExp(`^  ${name}: ${value.replaceAll('.', '[.]')}$`, 'm')

describe('func invoke', function () {
  this.timeout(90_000)
  const folder = mkdtempSync(join(tmpdir(), 'soccer-func-'))
  let bundle: Run
  let url = ''
  before(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    bundle = runWith({ SCRAPE_READER: 'http' }, '--port', String(port), '--data', join(folder, 'data'))
    await untilReady(bundle)
  })
  after(async () => {
    bundle.child.kill('SIGTERM')
    await bundle.ended
    rmSync(folder, { recursive: true, force: true })
  })

  const invoke = async (name: FunctionName, ...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      platform('TEST_PROGRAM_FUNC'),
      ['invoke', '--path', join(root, folders[name]), ...args],
      { env: { PATH: process.env['PATH'], HOME: folder }, timeout: 60_000 },
    )
    return stdout
  }
  const exampleOf = (type: string, file: string) =>
    exampleSchema.parse(JSON.parse(readFileSync(join(examples, type, file), 'utf8')))
  const dataFile = (data: unknown) => {
    const file = join(folder, `${randomUUID()}.json`)
    writeFileSync(file, JSON.stringify(data))
    return file
  }

  for (const [name, type, file, reply] of replies) {
    it(`asks ${name} with ${type} ${file} as an event, and prints its reply`, async () => {
      const { source, data } = exampleOf(type, file)
      const id = randomUUID()
      const about = ['--format', 'cloudevent', '--id', id, '--source', source, '--type', type]
      const printed = await invoke(
        name,
        ...about,
        '--content-type',
        'application/json',
        '--file',
        dataFile(data),
      )
      if (reply === undefined) expect(printed.trim()).to.equal('')
      else {
        expect(printed).to.match(attributeLine('type', reply))
        expect(printed).to.match(attributeLine('causationid', id))
        expect(printed).to.match(attributeLine('correlationid', id))
      }
    })
  }

  it('leaves out no valid example that a function gets', () => {
    const asked = new Set(replies.map(([, type]) => type))
    for (const type of asked) {
      const valid = readdirSync(join(examples, type)).filter((file) => file.startsWith('valid'))
      expect(replies.filter((reply) => reply[1] === type).map((reply) => reply[2])).to.include.members(valid)
    }
  })

  it('gets a match scraped and predicted with data on its command line', async () => {
    const answer = await fetch(`${url}/predict/matches`)
    const { matches } = z
      .object({ matches: z.array(z.object({ match_id: z.number() })) })
      .parse(await answer.json())
    const [matchId = 0] = matches.map(({ match_id }) => match_id)
    const given = [
      '--source',
      '/me',
      '--type',
      'soccer.match.requested.v1',
      '--data',
      `{"match_id":${matchId}}`,
    ]
    expect(await invoke('scrape', ...given)).to.match(attributeLine('type', 'soccer.match.scraped.v1'))
    const printed = await invoke('predict', ...given)
    expect(printed).to.match(attributeLine('type', prediction))
    expect(printed).to.match(attributeLine('subject', String(matchId)))
    expect((await ask(url, { match_id: matchId })).status).to.equal(200)
  })

  it('asks each function over plain HTTP with a whole event as the body', async () => {
    const structured = ['--format', 'http', '--content-type', 'application/cloudevents+json', '--file']
    const path = (type: string) => join(examples, type, 'valid.json')
    const said = await invoke('infer', ...structured, path('soccer.prediction.requested.v1'))
    expect(said).to.contain('england.arsenal~england.chelsea~2026-11-28')
    expect(await invoke('predict', ...structured, path('soccer.prediction.requested.v1'))).to.contain(
      '"model"',
    )
    expect(await invoke('scrape', ...structured, path('soccer.fixtures.requested.v1'))).to.contain(
      '"match_ids"',
    )
  })

  it('is told what a function takes by GET, and fails for what is no event', async () => {
    const plain = ['--format', 'http', '--request-type']
    expect(await invoke('infer', ...plain, 'GET')).to.contain('POST a CloudEvent')
    const failed = await invoke('infer', ...plain, 'POST', '--data', '{}').then(
      () => 'no failure',
      (thrown: Error) => thrown.message,
    )
    expect(failed).to.contain('HTTP 400')
  })

  it('prints nothing for an event that the function does not take', async () => {
    expect((await invoke('infer', '--type', 'no.such.type')).trim()).to.equal('')
  })
})
