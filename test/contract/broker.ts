import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type {
  Deliver,
  DeliveryOutcome,
  Event,
  Publish,
  Trigger,
} from '../../functions/runtime/broker/publisher.ts'
import { eventually } from '../support/eventually.ts'

interface OpenBroker {
  readonly publish: Publish
  deadLetters(): Promise<Event[]>
  close(): Promise<void>
}

const done: DeliveryOutcome = { kind: 'done' }

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

const trigger = (deliver: Deliver, more: Partial<Trigger> = {}): Trigger => ({
  name: 'asked',
  filter: { type: 'test.asked' },
  deliver,
  retry: 2,
  backoffPolicy: 'linear',
  backoffDelayMs: 10,
  timeoutMs: 2_000,
  parallelism: 1,
  ...more,
})

/** Every broker behaves so. */
export function describeBroker(
  name: string,
  open: (triggers: readonly Trigger[]) => Promise<OpenBroker>,
): void {
  describe(`broker: ${name}`, () => {
    const opened: OpenBroker[] = []
    const start = async (...triggers: Trigger[]) => {
      const broker = await open(triggers)
      opened.push(broker)
      return broker
    }
    afterEach(async () => {
      for (const broker of opened.splice(0)) await broker.close()
    })

    it('delivers to every trigger whose filter fits, and to no other', async () => {
      const heard: string[] = []
      const hear =
        (who: string): Deliver =>
        (got) => {
          heard.push(`${who} ${got.id}`)
          return Promise.resolve(done)
        }
      const broker = await start(
        trigger(hear('a'), { name: 'a' }),
        trigger(hear('b'), { name: 'b', filter: { type: 'test.asked', subject: 'm1' } }),
        trigger(hear('c'), { name: 'c', filter: { type: 'test.other' } }),
      )
      await broker.publish(event('1', { subject: 'm1' }))
      await broker.publish(event('2', { subject: 'm2' }))
      await eventually(() => heard.length === 3)
      await sleep(50)
      expect(heard.toSorted()).to.deep.equal(['a 1', 'a 2', 'b 1'])
    })

    it('takes an event that nobody wants', async () => {
      const broker = await start(trigger(() => Promise.resolve(done)))
      await broker.publish(event('1', { type: 'test.unknown' }))
    })

    it('keeps attributes, extensions and data as they were', async () => {
      let got: Event | undefined
      const broker = await start(
        trigger((one) => {
          got = one
          return Promise.resolve(done)
        }),
      )
      const sent = event('1', { subject: 'm1', correlationid: 'c1', data: { name: 'Žalgiris – Ñublense' } })
      await broker.publish(sent)
      await eventually(() => got !== undefined)
      expect(got).to.deep.include(sent)
    })

    it('publishes the reply of a delivery', async () => {
      const replies: Event[] = []
      const reply = event('r1', { type: 'test.answered', subject: 'm1', causationid: '1' })
      const broker = await start(
        trigger(() => Promise.resolve({ kind: 'done', reply })),
        trigger(
          (got) => {
            replies.push(got)
            return Promise.resolve(done)
          },
          { name: 'answered', filter: { type: 'test.answered' } },
        ),
      )
      await broker.publish(event('1'))
      await eventually(() => replies.length === 1)
      expect(replies[0]).to.deep.include(reply)
    })

    it('keeps the order when one delivery runs at a time, also around a retry', async () => {
      const seen: string[] = []
      let failures = 1
      const broker = await start(
        trigger(async (got) => {
          await sleep(got.id === '1' ? 20 : 1)
          seen.push(got.id)
          if (got.id === '2' && failures-- > 0) return { kind: 'retry', status: 503, reason: 'busy' }
          return done
        }),
      )
      for (const id of ['1', '2', '3']) await broker.publish(event(id))
      await eventually(() => seen.length === 4)
      expect(seen).to.deep.equal(['1', '2', '2', '3'])
    })

    it('runs as many deliveries at once as the trigger allows, and no more', async () => {
      let now = 0
      let most = 0
      let ended = 0
      const broker = await start(
        trigger(
          async () => {
            most = Math.max(most, (now += 1))
            await sleep(30)
            now -= 1
            ended += 1
            return done
          },
          { parallelism: 3 },
        ),
      )
      for (let n = 0; n < 9; n += 1) await broker.publish(event(String(n)))
      await eventually(() => ended === 9)
      expect(most).to.equal(3)
    })

    it('retries, then puts the event with its trigger and status among the dead letters', async () => {
      let attempts = 0
      const broker = await start(
        trigger(() => {
          attempts += 1
          return Promise.resolve({ kind: 'retry', status: 503, reason: 'busy' })
        }),
      )
      await broker.publish(event('1', { correlationid: 'c1' }))
      await eventually(async () => (await broker.deadLetters()).length === 1)
      expect(attempts).to.equal(3)
      const [letter] = await broker.deadLetters()
      expect(letter).to.include({ id: '1', source: '/test', correlationid: 'c1', knativeerrordest: 'asked' })
      expect(Number(letter?.['knativeerrorcode'])).to.equal(503)
      expect(letter?.data).to.deep.equal({ n: 1 })
    })

    it('counts a subscriber that throws or hangs as one that gave no answer', async () => {
      let attempts = 0
      const broker = await start(
        trigger(
          () => {
            attempts += 1
            return attempts === 1 ? Promise.reject(new Error('boom')) : new Promise(() => undefined)
          },
          { retry: 1, timeoutMs: 50 },
        ),
      )
      await broker.publish(event('1'))
      await eventually(async () => (await broker.deadLetters()).length === 1)
      expect(attempts).to.equal(2)
      expect(Number((await broker.deadLetters())[0]?.['knativeerrorcode'])).to.equal(-1)
    })

    it('puts a rejected event among the dead letters at once', async () => {
      let attempts = 0
      const broker = await start(
        trigger(() => {
          attempts += 1
          return Promise.resolve({ kind: 'rejected', status: 400, reason: 'malformed' })
        }),
      )
      await broker.publish(event('1'))
      await eventually(async () => (await broker.deadLetters()).length === 1)
      expect(attempts).to.equal(1)
      expect(Number((await broker.deadLetters())[0]?.['knativeerrorcode'])).to.equal(400)
    })

    it('takes nothing once it is closed', async () => {
      const broker = await open([])
      await broker.close()
      let code: unknown
      await broker.publish(event('1')).catch((thrown: unknown) => {
        code = (thrown as { name: string }).name
      })
      expect(code).to.equal('NotNowError')
    })
  })
}
