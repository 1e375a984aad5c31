import type { IncomingHttpHeaders } from 'node:http'
import { expect } from 'chai'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { eventually } from '../support/eventually.ts'
import type { DataPlane, OpenDataPlane, Subscription } from './support/data-plane.ts'
import { type Subscriber, startSubscriber } from './support/subscriber.ts'

const time = '2026-11-23T12:00:00Z'
const headers = (id: string, more: Record<string, string> = {}) => ({
  'ce-specversion': '1.0',
  'ce-id': id,
  'ce-source': '/test',
  'ce-type': 'test.asked',
  'ce-time': time,
  'content-type': 'application/json',
  ...more,
})
const reply = (type: string) => headers('r1', { 'ce-type': type })
/** A moment may be written in several ways. */
const withMoment = ({ 'ce-time': moment, ...rest }: IncomingHttpHeaders) => ({
  ...rest,
  'ce-time': Date.parse(String(moment)),
})
const asked = { name: 'asked', filter: { type: 'test.asked' } }

/** What an ingress with dispatchers does with events, whoever wrote them. */
export function describeDataPlane(name: string, open: OpenDataPlane): void {
  describe(`data plane: ${name}`, function () {
    this.timeout(60_000)
    const opened: DataPlane[] = []
    const subscribers: Subscriber[] = []
    const subscribe = async (...args: Parameters<typeof startSubscriber>) => {
      const subscriber = await startSubscriber(...args)
      subscribers.push(subscriber)
      return subscriber
    }
    const start = async (...subscriptions: Subscription[]) => {
      const plane = await open(subscriptions)
      opened.push(plane)
      const send = async (given: Record<string, string>, body = '{"n":1}') => {
        const answer = await fetch(plane.ingressUrl, { method: 'POST', headers: given, body })
        await answer.body?.cancel()
        return answer.status
      }
      return { ...plane, send }
    }
    afterEach(async () => {
      for (const plane of opened.splice(0)) await plane.close()
      for (const subscriber of subscribers.splice(0)) await subscriber.close()
    })

    it('takes binary and structured events and refuses what is none', async () => {
      const { send, ingressUrl } = await start()
      expect(await send(headers('e1'))).to.equal(202)
      const event = {
        specversion: '1.0',
        id: 'e2',
        source: '/test',
        type: 'test.asked',
        time,
        data: { n: 2 },
      }
      expect(await send({ 'content-type': 'application/cloudevents+json' }, JSON.stringify(event))).to.equal(
        202,
      )
      expect(await send({ 'content-type': 'application/json' })).to.equal(400)
      expect(await send(headers('e3', { 'ce-specversion': '9.0' }))).to.equal(400)
      expect((await fetch(ingressUrl)).status).to.equal(405)
      expect(
        (await fetch(new URL('/other', ingressUrl), { method: 'POST', headers: headers('e4') })).status,
      ).to.equal(404)
    })

    it('delivers what fits the filter, attributes, extensions and data as they were', async () => {
      const fits = await subscribe()
      const other = await subscribe()
      const { send } = await start(
        { ...asked, filter: { type: 'test.asked', subject: 'm1' }, url: fits.url },
        { name: 'other', filter: { type: 'test.other' }, url: other.url },
      )
      const more = { 'ce-subject': 'm1', 'ce-correlationid': 'c1', 'ce-dataschema': 'urn:x' }
      const data = JSON.stringify({ name: 'Žalgiris – Ñublense' })
      await send(headers('not', { ...more, 'ce-subject': 'm2' }), data)
      await send(headers('e1', more), data)
      const event = {
        specversion: '1.0',
        id: 'e2',
        source: '/test',
        type: 'test.asked',
        subject: 'm1',
        time,
        datacontenttype: 'application/json',
        data: { n: 2 },
      }
      await send({ 'content-type': 'application/cloudevents+json' }, JSON.stringify(event))
      await eventually(() => fits.received.length === 2)
      expect(fits.ids()).to.deep.equal(['e1', 'e2'])
      expect(withMoment(fits.received[0]?.headers ?? {})).to.include(withMoment(headers('e1', more)))
      expect(fits.received.map(({ body }) => JSON.parse(body) as unknown)).to.deep.equal([
        JSON.parse(data),
        { n: 2 },
      ])
      expect(other.received).to.have.lengthOf(0)
    })

    it('sends a reply through the broker once more, and takes an answer without one', async () => {
      const first = await subscribe((_one, nth) =>
        nth === 1 ? { status: 200, headers: reply('test.answered'), body: '{"answer":1}' } : { status: 204 },
      )
      const second = await subscribe()
      const { send, deadLetters, endDispatcher } = await start(
        { ...asked, url: first.url },
        { name: 'answered', filter: { type: 'test.answered' }, url: second.url },
      )
      await send(headers('e1'))
      await send(headers('e2'))
      await eventually(() => second.received.length === 1 && first.received.length === 2)
      expect(withMoment(second.received[0]?.headers ?? {})).to.include(withMoment(reply('test.answered')))
      expect(second.received[0]?.body).to.equal('{"answer":1}')
      expect(await deadLetters('asked')).to.deep.equal([])
      expect(await endDispatcher('asked')).to.equal(0)
    })

    it('keeps the order of a trigger, around a retry too', async () => {
      const seen = await subscribe((_one, nth) => ({ status: nth === 2 ? 503 : 202 }))
      const { send } = await start({ ...asked, url: seen.url })
      const ids = Array.from({ length: 10 }, (_, n) => `e${n}`)
      for (const id of ids) await send(headers(id))
      await eventually(() => seen.received.length === 11)
      expect(seen.ids()).to.deep.equal(['e0', 'e1', 'e1', ...ids.slice(2)])
    })

    it('tries again after 5xx, 429 and no answer in time, until it is taken', async () => {
      const slow = () =>
        new Promise<{ status: number }>((resolve) => setTimeout(resolve, 900, { status: 202 }))
      const answers = [() => ({ status: 503 }), () => ({ status: 429 }), slow, () => ({ status: 202 })]
      const seen = await subscribe((_one, nth) => answers[nth - 1]?.() ?? { status: 500 })
      const { send, deadLetters, endDispatcher } = await start({
        ...asked,
        url: seen.url,
        retry: 5,
        timeoutMs: 300,
      })
      await send(headers('e1'))
      await eventually(() => seen.received.length === 4)
      expect(await endDispatcher('asked')).to.equal(0)
      expect(seen.received).to.have.lengthOf(4)
      expect(await deadLetters('asked')).to.deep.equal([])
    })

    const ends: [string, number, (port: number) => Promise<Subscriber | undefined>][] = [
      ['503', 503, (port) => subscribe(() => ({ status: 503 }), port)],
      ['404', 404, (port) => subscribe(() => ({ status: 404 }), port)],
      ['no connection', -1, () => Promise.resolve(undefined)],
    ]
    for (const [what, code, listen] of ends) {
      it(`puts an event that nobody takes (${what}) among the dead letters of its trigger`, async () => {
        const { port } = await subscribe()
        await subscribers.pop()?.close()
        const subscriber = await listen(port)
        const { send, deadLetters, endDispatcher } = await start({
          ...asked,
          url: `http://127.0.0.1:${port}/`,
        })
        await send(headers('e1', { 'ce-correlationid': 'c1' }), '{"n":"ü"}')
        const letters = await untilLetters(() => deadLetters('asked'), 1)
        expect(letters[0]).to.include({ id: 'e1', source: '/test', type: 'test.asked', correlationid: 'c1' })
        expect(letters[0]?.data).to.deep.equal({ n: 'ü' })
        expect(letters[0]?.['knativeerrordest']).to.be.a('string').and.not.equal('')
        expect(Number(letters[0]?.['knativeerrorcode'])).to.equal(code)
        if (code === 503) expect(subscriber?.received).to.have.lengthOf(3)
        expect(await endDispatcher('asked')).to.equal(0)
      })
    }

    it('runs as many deliveries at once as the trigger allows, and no more', async () => {
      let now = 0
      let most = 0
      const seen = await subscribe(async () => {
        most = Math.max(most, (now += 1))
        await new Promise((resolve) => setTimeout(resolve, 60))
        now -= 1
        return { status: 202 }
      })
      const { send } = await start({ ...asked, url: seen.url, parallelism: 3 })
      for (let n = 0; n < 12; n += 1) await send(headers(`e${n}`))
      await eventually(() => seen.received.length === 12 && now === 0)
      expect(most).to.equal(3)
    })
  })
}

export async function untilLetters(read: () => Promise<Event[]>, count: number): Promise<Event[]> {
  let letters: Event[] = []
  await eventually(async () => (letters = await read()).length >= count, 20_000)
  return letters
}
