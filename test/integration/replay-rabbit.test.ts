import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib'
import { expect } from 'chai'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { decodeAmqpEvent, encodeAmqpEvent } from '../../functions/runtime/broker/rabbit/amqp-event.ts'
import { eventually } from '../support/eventually.ts'
import { rabbitUrl } from '../support/rabbit-broker.ts'
import { type RecordingFunction, startRecordingFunction } from '../support/recording-function.ts'
import { runScript } from '../support/running-bundle.ts'
import { useTemporaryFolder } from '../support/temporary-folder.ts'

const event = (n: number, given: Partial<Event> = {}): Event => ({
  specversion: '1.0',
  id: String(n),
  source: '/test',
  type: 'test.asked',
  subject: '7',
  time: '2026-11-23T18:00:00.000Z',
  datacontenttype: 'application/json',
  data: { n },
  ...given,
})
const letter = (n: number) =>
  event(n, { knativeerrordest: 'http://infer', knativeerrorcode: 503, knativeerrordata: 'away' })
const idsIn = (output: string) =>
  output.split('\n').flatMap((line) => (line.startsWith('{') ? [(JSON.parse(line) as Event).id] : []))

describe('replay over RabbitMQ', () => {
  const folder = useTemporaryFolder()
  const given = { ...process.env }
  let model: ChannelModel
  let channel: ConfirmChannel
  let stream: string
  let letters: string
  let exchange: string
  let fn: RecordingFunction | undefined

  before('find a server', () => void rabbitUrl())
  beforeEach(async () => {
    process.env['RABBITMQ_URL'] = rabbitUrl()
    delete process.env['K_SINK']
    model = await connect(rabbitUrl())
    channel = await model.createConfirmChannel()
    const name = randomUUID()
    stream = `journal.test.${name}`
    letters = `t.test.replay.dlq.${name}`
    exchange = `b.test.${name}`
    await channel.assertQueue(stream, { arguments: { 'x-queue-type': 'stream' } })
    await channel.assertQueue(letters, { arguments: { 'x-queue-type': 'quorum' } })
    await channel.assertExchange(exchange, 'headers')
    await channel.bindQueue(stream, exchange, '', { 'x-match': 'all' })
  })

  afterEach(async () => {
    fn?.close()
    fn = undefined
    for (const name of ['RABBITMQ_URL', 'K_SINK']) {
      if (given[name] === undefined) delete process.env[name]
      else process.env[name] = given[name]
    }
    await channel.deleteQueue(stream)
    await channel.deleteQueue(letters)
    await channel.deleteExchange(exchange)
    await model.close()
  })

  async function put(queue: string, ...events: Event[]): Promise<void> {
    for (const each of events) {
      const { content, options } = encodeAmqpEvent(each)
      channel.sendToQueue(queue, content, options)
    }
    await channel.waitForConfirms()
  }

  const run = (...args: string[]) => runScript('scripts/replay/main.ts', '--rate', '1000', ...args)

  async function replay(...args: string[]) {
    const { ended, output } = run(...args)
    return { code: await ended, output: output() }
  }

  /** What lies in the queue of letters, without taking it away. */
  async function look(): Promise<Event[]> {
    const own = await model.createChannel()
    const found: Event[] = []
    for (let one = await own.get(letters); one; one = await own.get(letters)) found.push(decodeAmqpEvent(one))
    await own.close()
    return found
  }

  const left = async () => (await look()).map(({ id }) => id)

  const isBack = (count: number) => async () => (await channel.checkQueue(letters)).messageCount === count

  describe('dead letters', () => {
    const drive = (...args: string[]) =>
      replay('--dead-letters', letters, '--redrive', '--no-dry-run', ...args)

    beforeEach(() => put(letters, ...[1, 2, 3, 4, 5].map(letter)))

    it('are looked at and left as they were, number and order', async () => {
      const before = await look()
      for (const args of [
        ['--to', 'stdout'],
        ['--to', 'stdout', '--limit', '2'],
        ['--to', 'http://127.0.0.1:1'],
      ]) {
        const { code, output } = await replay('--dead-letters', letters, ...args)
        expect(code, output).to.equal(0)
        await eventually(isBack(5))
        expect(await look()).to.deep.equal(before)
        await eventually(isBack(5))
      }
      expect(before.map(({ id }) => id)).to.deep.equal(['1', '2', '3', '4', '5'])
      const printed = await replay('--dead-letters', letters)
      expect(idsIn(printed.output)).to.deep.equal(['1', '2', '3', '4', '5'])
    })

    it('are taken out once the target has them, and stay when it has not', async () => {
      let away = true
      fn = await startRecordingFunction((id) => (id === '3' && away ? 503 : 204))
      const first = await drive('--to', fn.url)
      expect(first.code).to.equal(1)
      expect(first.output).to.match(/FAIL .* 3 {2}503/)
      expect(first.output).to.contain('still')
      await eventually(isBack(1))
      expect(await look()).to.deep.equal([{ ...letter(3), knativeerrorcode: '503' }])
      await eventually(isBack(1))
      away = false
      expect((await drive('--to', fn.url)).code).to.equal(0)
      expect(await left()).to.deep.equal([])
      expect(fn.asked.map((headers) => headers['ce-id'])).to.deep.equal(['1', '2', '3', '4', '5', '3'])
      for (const headers of fn.asked) {
        expect(Object.keys(headers).join()).to.not.contain('knative')
        expect(headers).to.not.have.property('ce-replayof')
      }
    })

    it('stay where they are when a filter leaves them out', async () => {
      fn = await startRecordingFunction()
      expect((await drive('--to', fn.url, '--where', 'data.n=4')).code).to.equal(0)
      await eventually(isBack(4))
      expect(await left()).to.deep.equal(['1', '2', '3', '5'])
    })

    it('are still there when only listed, and when the target is away', async () => {
      await replay('--dead-letters', letters, '--redrive', '--to', 'broker')
      await eventually(isBack(5))
      expect((await drive('--to', 'http://127.0.0.1:1')).code).to.equal(1)
      await eventually(isBack(5))
      expect((await drive('--to', `broker:none-${randomUUID()}`)).code).to.equal(1)
      await eventually(isBack(5))
      expect(await left()).to.deep.equal(['1', '2', '3', '4', '5'])
    })

    it('are not lost by a process that is killed in the middle', async () => {
      fn = await startRecordingFunction()
      const { asked } = fn
      const { child, ended } = run(
        '--dead-letters',
        letters,
        '--redrive',
        '--no-dry-run',
        '--to',
        fn.url,
        '--rate',
        '10',
      )
      await eventually(() => asked.length >= 2, 15_000)
      child.kill('SIGKILL')
      await ended
      const sent = () => asked.map((headers) => String(headers['ce-id']))
      // The one whose delivery was under way may be there, too.
      await eventually(async () => new Set([...sent(), ...(await left())]).size === 5)
      expect((await left()).length).to.be.within(5 - asked.length, 5 - asked.length + 1)
    })

    it('go back to the broker', async () => {
      expect((await drive('--to', `broker:${exchange}`)).code).to.equal(0)
      expect(await left()).to.deep.equal([])
      expect(idsIn((await replay('--journal', `stream:${stream}`)).output)).to.deep.equal([
        '1',
        '2',
        '3',
        '4',
        '5',
      ])
    })
  })

  describe('the stream', () => {
    it('gives every event once, in order', async () => {
      const ids = Array.from({ length: 2_000 }, (_, n) => String(n))
      await put(stream, ...ids.map((id) => event(Number(id))))
      const { code, output } = await replay('--journal', `stream:${stream}`)
      expect(code).to.equal(0)
      expect(idsIn(output)).to.deep.equal(ids)
      const few = await replay('--journal', `stream:${stream}`, '--where', 'data.n>=1998')
      expect(idsIn(few.output)).to.deep.equal(['1998', '1999'])
    })

    it('names a message that holds no event and goes on, unless told to be strict', async () => {
      await put(stream, event(1))
      channel.sendToQueue(stream, Buffer.from('{'), { contentType: 'application/json' })
      await put(stream, event(3))
      const { code, output } = await replay('--journal', `stream:${stream}`)
      expect([code, idsIn(output)]).to.deep.equal([0, ['1', '3']])
      expect(output).to.contain(`${stream}:1 is passed over`)
      const strict = await replay('--journal', `stream:${stream}`, '--strict')
      expect([strict.code, idsIn(strict.output)]).to.deep.equal([1, ['1']])
    })

    it('is read from a moment on', async () => {
      const now = new Date().toISOString()
      await put(stream, event(1), event(2, { time: now }))
      const args = ['--journal', `stream:${stream}`, '--since']
      expect(idsIn((await replay(...args, now)).output)).to.deep.equal(['2'])
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
      expect(await replay(...args, tomorrow)).to.deep.equal({ code: 0, output: '' })
    })

    it('may be empty', async () => {
      expect(await replay('--journal', `stream:${stream}`)).to.deep.equal({ code: 0, output: '' })
    })

    it('is not read into what the replay itself publishes', async () => {
      await put(stream, event(1), event(2))
      const args = ['--journal', `stream:${stream}`, '--to', `broker:${exchange}`, '--no-dry-run']
      expect((await replay(...args)).code).to.equal(0)
      const { output } = await replay('--journal', `stream:${stream}`, '--where', 'replayof!=')
      const replays = output.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Event] : []))
      expect(replays.map((each) => each['replayof'])).to.deep.equal(['1', '2'])
      for (const { id, time } of replays) {
        expect(id).to.match(/^[0-9a-f-]{36}$/)
        expect(time).to.equal('2026-11-23T18:00:00.000Z')
      }
    })
  })

  it('publishes through the ingress where there is one', async () => {
    fn = await startRecordingFunction(() => 202)
    process.env['K_SINK'] = fn.url
    writeFileSync(folder('one.json'), JSON.stringify(event(1)))
    const { code, output } = await replay('--file', folder('one.json'), '--to', 'broker', '--no-dry-run')
    expect(code, output).to.equal(0)
    expect(fn.asked.map((headers) => headers['ce-replayof'])).to.deep.equal(['1'])
  })

  it('says what is not there, and no password', async () => {
    const none = await replay('--dead-letters', 'no.such.queue')
    expect([none.code, none.output.trim()]).to.deep.equal([1, 'RabbitMQ has no queue no.such.queue.'])
    process.env['RABBITMQ_URL'] = 'amqp://guest:geheim@127.0.0.1:1'
    const away = await replay('--journal', 'stream')
    expect(away.code).to.equal(1)
    expect(away.output).to.contain('ECONNREFUSED').and.not.contain('geheim')
    process.env['RABBITMQ_URL'] = ''
    expect((await replay('--journal', 'stream')).code).to.equal(2)
    expect((await replay('--dead-letters', 'all', '--redrive', '--to', 'http://x')).code).to.equal(2)
  })
})
