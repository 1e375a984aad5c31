import { type ConfirmChannel, connect, type GetMessage } from 'amqplib'
import { expect } from 'chai'
import type { Event, Trigger } from '../../functions/runtime/broker/publisher.ts'
import { declareTopology } from '../../functions/runtime/broker/rabbit/declare-topology.ts'
import {
  brokerExchange,
  journalQueue,
  triggerDeadLetterExchange,
  triggerDeadLetterQueue,
  triggerQueue,
} from '../../functions/runtime/broker/rabbit/names.ts'
import { openRabbitDispatcher } from '../../functions/runtime/broker/rabbit/rabbit-dispatcher.ts'
import { openRabbitPublisher } from '../../functions/runtime/broker/rabbit/rabbit-publisher.ts'
import { NotNowError } from '../../functions/runtime/errors/errors.ts'
import { openWire } from '../support/cuttable-wire.ts'
import { eventually } from '../support/eventually.ts'
import {
  declareTestBroker,
  deleteTestBroker,
  rabbitUrl,
  type TestBroker,
  takeAll,
} from '../support/rabbit-broker.ts'
import { recordLog } from '../support/recorded-log.ts'
import { rejectionOf } from '../support/rejection.ts'

const log = recordLog()

const event = (id: string, more: Partial<Event> = {}): Event => ({
  specversion: '1.0',
  id,
  source: '/test',
  type: 'test.asked',
  time: '2026-11-23T12:00:00.000Z',
  datacontenttype: 'application/json',
  data: { n: 1 },
  ...more,
})

const asked = {
  name: 'asked',
  filter: { type: 'test.asked' },
  retry: 1,
  backoffPolicy: 'linear',
  backoffDelayMs: 10,
  timeoutMs: 5_000,
  parallelism: 2,
} as const

describe('the broker over RabbitMQ', () => {
  let broker: TestBroker
  const closing: (() => Promise<void> | void)[] = []

  beforeEach(async () => {
    broker = await declareTestBroker([asked])
  })
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close()
    await deleteTestBroker(broker)
  })

  const known = () => broker.triggers[0] as TestBroker['triggers'][number]
  const queue = () => triggerQueue(broker.identity, known())
  const deadLetters = () => triggerDeadLetterQueue(broker.identity, known())

  async function publisher(url = rabbitUrl()) {
    const opened = await openRabbitPublisher({ url, exchange: brokerExchange(broker.identity), log })
    closing.push(() => opened.close())
    return opened
  }

  async function dispatch(deliver: Trigger['deliver'], url = rabbitUrl(), closeTimeoutMs = 500) {
    const { publish } = await publisher(url)
    const opened = await openRabbitDispatcher({
      url,
      queue: queue(),
      deadLetterExchange: triggerDeadLetterExchange(broker.identity, known()),
      trigger: { ...asked, deliver },
      publish,
      log,
      closeTimeoutMs,
    })
    closing.push(() => opened.close())
    return opened
  }

  async function onServer<T>(work: (channel: ConfirmChannel) => Promise<T>): Promise<T> {
    const connection = await connect(rabbitUrl())
    try {
      return await work(await connection.createConfirmChannel())
    } finally {
      await connection.close()
    }
  }

  it('keeps every event in the journal, wanted or not', async () => {
    const { publish } = await publisher()
    await publish(event('1'))
    await publish(event('2', { type: 'test.unwanted' }))
    const heard: unknown[] = []
    await onServer(async (channel) => {
      await channel.prefetch(10)
      await channel.consume(
        journalQueue(broker.identity),
        (message) => heard.push(message?.properties.headers?.['id']),
        { arguments: { 'x-stream-offset': 'first' } },
      )
      await eventually(() => heard.length === 2)
    })
    expect(heard).to.deep.equal(['1', '2'])
  })

  it('puts attributes into headers by their bare names, as text', async () => {
    const { publish } = await publisher()
    await publish(event('1', { subject: 'm1', n: 7, traceparent: '00-1-2-01' }))
    const message = await onServer((channel) => channel.get(queue(), { noAck: true }))
    if (message === false) throw new Error('nothing in the queue')
    const { 'x-delivery-count': _, ...headers } = message.properties.headers ?? {}
    expect(headers).to.deep.equal({
      'content-type': 'application/json',
      specversion: '1.0',
      id: '1',
      source: '/test',
      type: 'test.asked',
      subject: 'm1',
      time: '2026-11-23T12:00:00.000Z',
      n: '7',
      traceparent: '00-1-2-01',
    })
    expect(message.properties).to.include({
      contentType: 'application/json',
      messageId: '1',
      deliveryMode: 2,
    })
    expect(message.content.toString()).to.equal('{"n":1}')
  })

  it('does not take an event that no queue would keep', async () => {
    await onServer((channel) => channel.deleteQueue(journalQueue(broker.identity)))
    const { publish } = await publisher()
    await publish(event('1'))
    const thrown = await rejectionOf(publish(event('2', { type: 'test.unwanted' })))
    expect(thrown).to.be.instanceOf(NotNowError).and.include({ code: 'broker_unavailable' })
    await publish(event('3'))
    expect((await takeAll(queue())).map(({ id }) => id)).to.deep.equal(['1', '3'])
  })

  it('says no at once while the connection is lost, and works again afterwards', async () => {
    const wire = await openWire(rabbitUrl())
    closing.push(wire.close)
    const { publish, ping } = await publisher(wire.url)
    await publish(event('1'))
    wire.cut()
    const connected = () =>
      ping().then(
        () => true,
        () => false,
      )
    await eventually(async () => !(await connected()))
    expect(await rejectionOf(publish(event('2')))).to.include({ code: 'broker_unavailable' })
    wire.mend()
    await eventually(connected)
    await publish(event('3'))
    expect((await takeAll(queue())).map(({ id }) => id)).to.deep.equal(['1', '3'])
  })

  it('delivers again what was under way when the connection was lost', async () => {
    const wire = await openWire(rabbitUrl())
    closing.push(wire.close)
    let attempts = 0
    const first = Promise.withResolvers<void>()
    await dispatch(async () => {
      attempts += 1
      if (attempts === 1) {
        wire.cut()
        wire.mend()
        await first.promise
      }
      return { kind: 'done' }
    }, wire.url)
    const { publish } = await publisher()
    await publish(event('1'))
    await eventually(() => attempts === 2)
    first.resolve()
    await eventually(
      async () => (await onServer((channel) => channel.checkQueue(queue()))).messageCount === 0,
    )
    expect(await takeAll(deadLetters())).to.deep.equal([])
  })

  it('leaves an event in the queue until its dead letter is safe', async () => {
    await onServer((channel) => channel.deleteQueue(deadLetters()))
    await dispatch(() => Promise.resolve({ kind: 'rejected', status: 422, reason: 'no' }))
    const { publish } = await publisher()
    await publish(event('1'))
    await eventually(() => log.lines.some(({ message }) => message.includes('cannot be written')))
    for (const close of closing.splice(0).toReversed()) await close()
    const [letter] = await takeAll(queue())
    expect(letter).to.include({ id: '1' })
    await declareTopology({ url: rabbitUrl(), topology: broker.topology, log })
  })

  it('gives what is still under way at the end back to the queue', async () => {
    let started = false
    const dispatcher = await dispatch(() => {
      started = true
      return new Promise(() => undefined)
    })
    const { publish } = await publisher()
    await publish(event('1'))
    await eventually(() => started)
    await dispatcher.close()
    expect((await takeAll(queue())).map(({ id }) => id)).to.deep.equal(['1'])
  })

  it('lets a delivery under way end, with its reply, before it closes', async () => {
    const answer = Promise.withResolvers<void>()
    let started = false
    const dispatcher = await dispatch(
      async () => {
        started = true
        await answer.promise
        return { kind: 'done', reply: event('r1', { type: 'test.answered' }) }
      },
      rabbitUrl(),
      5_000,
    )
    const { publish } = await publisher()
    await publish(event('1'))
    await eventually(() => started)
    const closed = dispatcher.close()
    answer.resolve()
    await closed
    expect(await takeAll(queue())).to.deep.equal([])
  })

  for (const [what, content, headers] of [
    ['is no event', 'hello', { colour: 'red' }],
    ['lacks its id', '{}', { specversion: '1.0', source: '/x', type: 'test.asked' }],
    ['is of another specversion', '{}', { specversion: '9.0', id: '1', source: '/x', type: 'test.asked' }],
    ['has broken JSON', '{"n":', { specversion: '1.0', id: '1', source: '/x', type: 'test.asked' }],
  ] as const) {
    it(`puts a message that ${what} among the dead letters as it came`, async () => {
      let deliveries = 0
      await dispatch(() => {
        deliveries += 1
        return Promise.resolve({ kind: 'done' })
      })
      await onServer(async (channel) => {
        channel.sendToQueue(queue(), Buffer.from(content), {
          headers: { ...headers },
          contentType: 'application/json',
        })
        await channel.waitForConfirms()
      })
      const letters: GetMessage[] = []
      await eventually(async () => {
        const letter = await onServer((channel) => channel.get(deadLetters(), { noAck: true }))
        if (letter) letters.push(letter)
        return letters.length > 0
      })
      expect(letters[0]?.content.toString()).to.equal(content)
      const marks = { ...headers, knativeerrordest: 'asked', knativeerrorcode: '400' }
      expect(letters[0]?.properties.headers).to.include(marks)
      expect(deliveries).to.equal(0)
    })
  }
})
