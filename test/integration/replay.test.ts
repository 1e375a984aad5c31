import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { openJournal } from '../../functions/runtime/broker/journal.ts'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { compareAnswers } from '../../scripts/replay/compare-answers.ts'
import { readOptions } from '../../scripts/replay/options.ts'
import { UsageError } from '../../scripts/usage-error.ts'
import { runScript } from '../support/running-bundle.ts'
import { useTemporaryFolder } from '../support/temporary-folder.ts'

const event = (id: string, given: Partial<Event> = {}): Event => ({
  specversion: '1.0',
  id,
  source: '/test',
  type: 'test.asked',
  subject: '7',
  time: `2026-11-23T18:00:0${id}.000Z`,
  datacontenttype: 'application/json',
  correlationid: 'c1',
  data: { n: Number(id) },
  ...given,
})
const answer = (cause: string, n: number) =>
  event('9', { type: 'test.answered', causationid: cause, data: { double: n, computed_at: 'then' } })

describe('replay', () => {
  const folder = useTemporaryFolder()
  let asked: { id: string; n: number }[]
  let fn: Server
  let url = ''

  beforeEach(async () => {
    asked = []
    fn = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { n } = JSON.parse(Buffer.concat(chunks).toString()) as { n: number }
        asked.push({ id: String(request.headers['ce-id']), n })
        if (n === 4) {
          response.writeHead(503).end('not now')
          return
        }
        const headers = {
          'ce-specversion': '1.0',
          'ce-id': 'r',
          'ce-source': '/f',
          'ce-type': 'test.answered',
          'ce-subject': '7',
        }
        response.writeHead(200, { ...headers, 'content-type': 'application/json' })
        response.end(JSON.stringify({ double: 2 * n, computed_at: 'now' }))
      })
    })
    await new Promise<void>((resolve) => void fn.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(fn.address() as AddressInfo).port}`
    const journal = await openJournal(folder('events.ndjson'), { maxBytes: 1_000_000, keep: 1 })
    // The answer to 2 is not what a doubling function says.
    const events = [
      event('1'),
      answer('1', 2),
      event('2', { subject: '8' }),
      answer('2', 5),
      event('3'),
      event('4', { type: 'test.other' }),
    ]
    for (const each of events) await journal.append(each)
    await journal.close()
  })
  afterEach(() => {
    fn.close()
    fn.closeAllConnections()
  })

  const replay = async (...args: string[]) => {
    const { ended, output } = runScript(
      'scripts/replay/main.ts',
      '--journal',
      folder('events.ndjson'),
      '--rate',
      '1000',
      ...args,
    )
    return { code: await ended, output: output() }
  }

  it('only lists what it would send, unless told to send', async () => {
    const { code, output } = await replay('--to', url, '--type', 'test.asked')
    expect([code, asked]).to.deep.equal([0, []])
    expect(output).to.contain('3 events would be sent')
  })

  it('sends what the filters let through, in order, as new events or under the same ids', async () => {
    const filters: [string[], number[]][] = [
      [
        ['--type', 'test.asked'],
        [1, 2, 3],
      ],
      [['--type', 'test.asked', '--subject', '8'], [2]],
      [['--id', '3'], [3]],
      [['--type', 'test.asked', '--since', '2026-11-23T18:00:02Z', '--until', '2026-11-23T18:00:03Z'], [2]],
      [
        ['--type', 'test.asked', '--limit', '2'],
        [1, 2],
      ],
      [['--type', 'test.asked', '--correlation', 'c2'], []],
    ]
    for (const [filter, expected] of filters) {
      asked = []
      expect((await replay('--to', url, '--no-dry-run', ...filter)).code).to.equal(0)
      expect(
        asked.map(({ n }) => n),
        filter.join(' '),
      ).to.deep.equal(expected)
      for (const { id } of asked) expect(id).to.match(/^[0-9a-f-]{36}$/)
    }
    asked = []
    await replay('--to', url, '--no-dry-run', '--type', 'test.asked', '--same-id')
    expect(asked.map(({ id }) => id)).to.deep.equal(['1', '2', '3'])
  })

  it('compares answers without their times, and ends with 1 at a difference', async () => {
    const { code, output } = await replay('--to', url, '--no-dry-run', '--compare', '--type', 'test.asked')
    expect(code).to.equal(1)
    expect(output).to.match(/ok .* 1 {2}same/)
    expect(output).to.match(/FAIL .* 2 {2}data.double: 5 was recorded, 4 came/)
    expect(output).to.match(/ok .* 3 {2}no answer was recorded/)
  })

  it('ends with 1 when an event is not handled', async () => {
    const { code, output } = await replay('--to', url, '--no-dry-run', '--id', '4')
    expect(code).to.equal(1)
    expect(output).to.contain('503: not now')
  })

  it('prints events, and takes them from files', async () => {
    writeFileSync(folder('one.json'), JSON.stringify(event('5')))
    const printed = await replay('--file', folder('one.json'))
    expect(JSON.parse(printed.output)).to.include({ id: '5', type: 'test.asked' })
    writeFileSync(folder('none.json'), '{"id": 1}')
    expect((await replay('--file', folder('none.json'))).code).to.equal(2)
  })

  it('says when there is no journal', async () => {
    const { code, output } = await replay('--journal', folder('nowhere.ndjson'))
    expect(code).to.equal(1)
    expect(output).to.contain('nowhere.ndjson')
  })

  for (const args of [
    ['--rate', '0'],
    ['--to', 'ftp://x'],
    ['--limit', 'all'],
    ['--since', 'soon'],
    ['--fast'],
  ]) {
    it(`refuses ${args.join(' ')}`, () => {
      expect(() => readOptions(args)).to.throw(UsageError)
    })
  }
})

describe('comparing answers', () => {
  it('looks into lists and objects, and only leaves out the times', () => {
    const one = event('1', { data: { a: [{ b: 1, read_at: 'x' }], computed_at: 'y' } })
    expect(
      compareAnswers(one, { ...one, id: '2', time: 'z', data: { a: [{ b: 1, read_at: 'q' }] } }),
    ).to.equal('same')
    expect(compareAnswers(one, { ...one, data: { a: [{ b: 2 }] } })).to.equal(
      'data.a.0.b: 1 was recorded, 2 came',
    )
    expect(compareAnswers(one, { ...one, type: 'other' })).to.contain('type:')
  })
})
