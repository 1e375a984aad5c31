import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { eventually } from '../support/eventually.ts'
import { type RecordingFunction, startRecordingFunction } from '../support/recording-function.ts'
import { runScript } from '../support/running-bundle.ts'
import { useTemporaryFolder } from '../support/temporary-folder.ts'

const event = (n: number): Event => ({
  specversion: '1.0',
  id: String(n),
  source: '/test',
  type: 'test.asked',
  time: '2026-11-23T18:00:00.000Z',
  recordedtime: '2026-11-23T18:00:00.000Z',
  data: { n },
})
const count = 40
const numbers = Array.from({ length: count }, (_, n) => n)

describe('a replay that is interrupted', () => {
  const folder = useTemporaryFolder()
  let fn: RecordingFunction
  let broken = false

  beforeEach(async () => {
    broken = false
    fn = await startRecordingFunction((id) => (broken && Number(id) % 10 === 3 ? 503 : 204))
    writeFileSync(folder('events.ndjson'), numbers.map((n) => `${JSON.stringify(event(n))}\n`).join(''))
  })
  afterEach(() => fn.close())

  const run = (...args: string[]) =>
    runScript(
      'scripts/replay/main.ts',
      '--journal',
      folder('events.ndjson'),
      '--no-dry-run',
      '--same-id',
      '--to',
      fn.url,
      ...args,
    )
  const resumed = (...args: string[]) => run('--resume', folder('progress.ndjson'), ...args)
  const asked = () => fn.asked.map((headers) => Number(headers['ce-id']))
  const inOrder = (ids: number[]) => ids.toSorted((one, other) => one - other)

  for (const concurrency of ['1', '4']) {
    it(`sends the rest exactly once when it is run again (${concurrency} at once)`, async () => {
      const first = resumed('--rate', '40', '--concurrency', concurrency)
      await eventually(() => fn.asked.length >= 5, 15_000)
      first.child.kill('SIGINT')
      expect(await first.ended).to.equal(130)
      expect(first.output()).to.contain('Interrupted. The same command goes on with the rest.')
      const before = asked().length
      expect(before).to.be.below(count)
      expect(first.output()).to.match(new RegExp(`^total +${before} +${before} +0 +0 +0$`, 'm'))
      const second = resumed('--rate', '1000')
      expect(await second.ended).to.equal(0)
      expect(inOrder(asked())).to.deep.equal(numbers)
      expect(second.output()).to.match(
        new RegExp(`^total +${count - before} +${count - before} +0 +0 +${before}$`, 'm'),
      )
      expect(await resumed().ended).to.equal(0)
      expect(fn.asked).to.have.length(count)
    })
  }

  it('sends nothing a second time after it was killed, but what was under way', async () => {
    const first = resumed('--rate', '40')
    await eventually(() => fn.asked.length >= 5, 15_000)
    first.child.kill('SIGKILL')
    await first.ended
    expect(await resumed('--rate', '1000').ended).to.equal(0)
    expect([...new Set(inOrder(asked()))]).to.deep.equal(numbers)
    expect(fn.asked.length).to.be.within(count, count + 1)
  })

  it('tries again what was not taken', async () => {
    broken = true
    expect(await resumed('--rate', '1000').ended).to.equal(1)
    broken = false
    fn.asked.splice(0)
    const again = resumed('--rate', '1000')
    expect(await again.ended).to.equal(0)
    expect(asked()).to.deep.equal([3, 13, 23, 33])
    expect(again.output()).to.contain('36 were done before')
  })

  it('counts what was done for the limit', async () => {
    expect(await resumed('--rate', '1000', '--limit', '10').ended).to.equal(0)
    expect(await resumed('--rate', '1000', '--limit', '12').ended).to.equal(0)
    expect(asked()).to.deep.equal(numbers.slice(0, 12))
  })

  it('says how it could have gone on', async () => {
    const first = run('--rate', '20')
    await eventually(() => fn.asked.length >= 2, 15_000)
    first.child.kill('SIGINT')
    expect(await first.ended).to.equal(130)
    expect(first.output()).to.contain('with --resume FILE it would go on')
  })

  it('names a line that holds no event and goes on, unless told to be strict', async () => {
    appendFileSync(folder('events.ndjson'), `{"id":\n${JSON.stringify(event(count))}\n`)
    const lenient = run('--rate', '1000')
    expect(await lenient.ended).to.equal(0)
    expect(lenient.output()).to.contain(`${folder('events.ndjson')}:41 is passed over`)
    expect(lenient.output()).to.match(/^\(no event\) +0 +0 +0 +0 +1$/m)
    expect(asked()).to.deep.equal([...numbers, count])
    const strict = run('--rate', '1000', '--strict')
    expect(await strict.ended).to.equal(1)
    expect(strict.output()).to.contain(`${folder('events.ndjson')}:41 holds no event`)
    expect(fn.asked).to.have.length(count + 1 + count)
  })

  it('reads what it has printed', async () => {
    const printed = runScript('scripts/replay/main.ts', '--journal', folder('events.ndjson'), '--limit', '3')
    await printed.ended
    writeFileSync(folder('some.ndjson'), `${printed.output()}not json\n`)
    const sent = runScript(
      'scripts/replay/main.ts',
      '--file',
      folder('some.ndjson'),
      '--no-dry-run',
      '--same-id',
      '--to',
      fn.url,
    )
    expect(await sent.ended).to.equal(0)
    expect(sent.output()).to.contain(`${folder('some.ndjson')}:4 is passed over`)
    expect(asked()).to.deep.equal([0, 1, 2])
  })

  it('takes the letters of the memory broker from its file, of one trigger or of all', async () => {
    const letters = [1, 2, 3].map((n) => ({
      ...event(n),
      knativeerrordest: n === 2 ? 'infer' : 'scrape',
      knativeerrorcode: 503,
    }))
    mkdirSync(folder('dead-letters'))
    writeFileSync(
      folder('dead-letters/events.ndjson'),
      letters.map((letter) => `${JSON.stringify(letter)}\n`).join(''),
    )
    process.env['DATA_DIR'] = folder()
    try {
      for (const which of ['infer', 'all']) {
        const letter = ['--dead-letters', which, '--no-dry-run', '--to', fn.url]
        expect(await runScript('scripts/replay/main.ts', ...letter).ended).to.equal(0)
      }
    } finally {
      delete process.env['DATA_DIR']
    }
    expect(fn.asked.map((headers) => headers['ce-replayof'])).to.deep.equal(['2', '1', '2', '3'])
    for (const headers of fn.asked) expect(Object.keys(headers).join()).to.not.contain('knative')
  })
})
