import { connect } from 'amqplib'
import { expect } from 'chai'
import { triggerDeadLetterExchange } from '../../functions/runtime/broker/rabbit/names.ts'
import { localBroker } from '../../scripts/stack/local-broker.ts'
import { eventually } from '../support/eventually.ts'
import { untilLetters } from './data-plane.ts'
import { openPlane, type Plane } from './support/open-plane.ts'
import { type Subscriber, startSubscriber } from './support/subscriber.ts'

const headers = (id: string) => ({
  'ce-specversion': '1.0',
  'ce-id': id,
  'ce-source': '/test',
  'ce-type': 'test.asked',
  'ce-time': '2026-11-23T12:00:00Z',
  'content-type': 'application/json',
})
const openKnative = openPlane({ ingress: 'knative', dispatchers: 'knative' })
const openOurs = openPlane({ ingress: 'ours', dispatchers: 'ours' })

/** Where the dispatcher of eventing-rabbitmq loses events, ours is meant to keep them. */
describe('what becomes of events that nobody takes', function () {
  this.timeout(60_000)
  let plane: Plane | undefined
  let subscriber: Subscriber | undefined
  const start = async (open: typeof openOurs, answer: Parameters<typeof startSubscriber>[0], more = {}) => {
    subscriber = await startSubscriber(answer)
    plane = await open([{ name: 'asked', filter: { type: 'test.asked' }, url: subscriber.url, ...more }])
    return { plane, subscriber }
  }
  const send = async (id: string) => {
    const answer = await fetch(plane?.ingressUrl ?? '', { method: 'POST', headers: headers(id), body: '{}' })
    expect(answer.status).to.equal(202)
  }
  afterEach(async () => {
    await plane?.close()
    await subscriber?.close()
    plane = undefined
    subscriber = undefined
  })

  for (const status of [400, 403, 413, 415, 422]) {
    it(`eventing-rabbitmq loses an event that is answered ${status}`, async () => {
      const running = await start(openKnative, () => ({ status }))
      await send('e1')
      await eventually(() => running.subscriber.received.length === 1)
      expect(await running.plane.endDispatcher('asked')).to.equal(0)
      expect(await running.plane.deadLetters('asked')).to.deep.equal([])
      expect(running.subscriber.received).to.have.lengthOf(1)
    })
  }

  it('ours puts it among the dead letters after one attempt', async () => {
    const running = await start(openOurs, () => ({ status: 400 }))
    await send('e1')
    const letters = await untilLetters(() => running.plane.deadLetters('asked'), 1)
    expect(letters.map(({ id }) => id)).to.deep.equal(['e1'])
    expect(Number(letters[0]?.['knativeerrorcode'])).to.equal(400)
    expect(running.subscriber.received).to.have.lengthOf(1)
  })

  const askAgain = { status: 503, headers: { 'retry-after': '1' } }
  const pauseMs = async (open: typeof openOurs) => {
    const times: number[] = []
    const answer = () => (times.push(Date.now()) === 1 ? askAgain : { status: 202 })
    await start(open, answer, { backoffDelayMs: 10 })
    await send('e1')
    await eventually(() => times.length === 2)
    return (times[1] ?? 0) - (times[0] ?? 0)
  }
  it('eventing-rabbitmq does not wait for as long as Retry-After says', async () => {
    expect(await pauseMs(openKnative)).to.be.below(900)
  })
  it('ours does', async () => {
    expect(await pauseMs(openOurs)).to.be.at.least(1_000)
  })

  const loseDeadLetterExchange = async ({ house }: Plane) => {
    const model = await connect(house.url)
    const channel = await model.createChannel()
    await channel.deleteExchange(triggerDeadLetterExchange(localBroker, house.triggerOf('asked')))
    await model.close()
  }
  it('eventing-rabbitmq loses an event whose dead letter cannot be written', async () => {
    const running = await start(openKnative, () => ({ status: 503 }), { retry: 0 })
    await loseDeadLetterExchange(running.plane)
    await send('e1')
    await eventually(() => running.subscriber.received.length === 1)
    expect(await running.plane.endDispatcher('asked')).to.equal(0)
  })
  it('ours keeps it in its queue', async () => {
    const running = await start(openOurs, () => ({ status: 503 }), { retry: 0 })
    await loseDeadLetterExchange(running.plane)
    await send('e1')
    await eventually(() => running.subscriber.received.length === 1)
    expect(await running.plane.endDispatcher('asked')).to.equal(1)
  })

  for (const [whose, open] of [
    ['eventing-rabbitmq', openKnative],
    ['ours', openPlane({ ingress: 'ours', dispatchers: 'ours in processes' })],
  ] as const) {
    it(`${whose}: an event that its dispatcher had when it died is delivered again by the next`, async () => {
      const never = new Promise<never>(() => undefined)
      const running = await start(open, (_one, nth) => (nth === 1 ? never : { status: 202 }))
      await send('e1')
      await eventually(() => running.subscriber.received.length === 1)
      await running.plane.killDispatcher('asked')
      await running.plane.startDispatcher('asked')
      await eventually(() => running.subscriber.received.length === 2, 20_000)
      expect(running.subscriber.ids()).to.deep.equal(['e1', 'e1'])
      expect(await running.plane.endDispatcher('asked')).to.equal(0)
    })
  }
})
