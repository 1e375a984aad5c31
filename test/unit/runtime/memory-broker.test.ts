import { expect } from 'chai'
import {
  createMemoryBroker,
  type MemoryBrokerOptions,
} from '../../../functions/runtime/broker/memory-broker.ts'
import type { Sleep } from '../../../functions/runtime/broker/ports.ts'
import type { Deliver, DeliveryOutcome, Event, Trigger } from '../../../functions/runtime/broker/publisher.ts'
import { NotNowError } from '../../../functions/runtime/errors/errors.ts'
import { eventually } from '../../support/eventually.ts'
import { recordLog } from '../../support/recorded-log.ts'
import { rejectionOf } from '../../support/rejection.ts'

const done: DeliveryOutcome = { kind: 'done' }
const event = (id: string, type = 'test.asked'): Event => ({ specversion: '1.0', id, source: '/test', type })
const trigger = (deliver: Deliver, more: Partial<Trigger> = {}): Trigger => ({
  name: 'asked',
  filter: { type: 'test.asked' },
  deliver,
  retry: 3,
  backoffPolicy: 'exponential',
  backoffDelayMs: 500,
  timeoutMs: 77_000,
  parallelism: 1,
  ...more,
})

/** Pauses pass at once and are written down; deadlines (77 s) never come. */
function recordSleep() {
  const pausesMs: number[] = []
  const sleep: Sleep = (ms, signal) => {
    if (ms !== 77_000) pausesMs.push(ms)
    if (signal.aborted) return Promise.reject(new Error('aborted'))
    if (ms !== 77_000) return Promise.resolve()
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
  }
  return { sleep, pausesMs }
}

function store() {
  const events: Event[] = []
  const append = (one: Event) => {
    events.push(one)
    return Promise.resolve()
  }
  return { events, append }
}

function open(triggers: readonly Trigger[], more: Partial<MemoryBrokerOptions> = {}) {
  const journal = store()
  const deadLetters = store()
  const log = recordLog()
  const broker = createMemoryBroker({ triggers, journal, deadLetters, log, ...more })
  return { ...broker, journal, deadLetters, log }
}

const never = () => new Promise<never>(() => undefined)
const retry = (more: { status?: number; retryAfterMs?: number } = {}): DeliveryOutcome => ({
  kind: 'retry',
  status: 503,
  reason: 'busy',
  ...more,
})

describe('memory broker', () => {
  it('writes every event into the journal before it is delivered, also one that nobody wants', async () => {
    const order: string[] = []
    const journal = {
      append: async ({ id }: Event) => {
        await Promise.resolve()
        order.push(`journal ${id}`)
      },
    }
    const hear: Deliver = ({ id }) => {
      order.push(`deliver ${id}`)
      return Promise.resolve(done)
    }
    const broker = open([trigger(hear)], { journal })
    await broker.publish(event('1'))
    await broker.publish(event('2', 'test.unknown'))
    await broker.drain(1_000)
    expect(order).to.deep.equal(['journal 1', 'deliver 1', 'journal 2'])
    await broker.close()
  })

  it('doubles the pause from twice the delay, and waits n delays when linear', async () => {
    for (const [backoffPolicy, expected] of [
      ['exponential', [1_000, 2_000, 4_000]],
      ['linear', [500, 1_000, 1_500]],
    ] as const) {
      const { sleep, pausesMs } = recordSleep()
      const broker = open([trigger(() => Promise.resolve(retry()), { backoffPolicy })], { sleep })
      await broker.publish(event('1'))
      await eventually(() => broker.deadLetters.events.length === 1)
      expect(pausesMs).to.deep.equal(expected)
      await broker.close()
    }
  })

  it('honours a longer Retry-After, up to 60 s', async () => {
    const { sleep, pausesMs } = recordSleep()
    const answers = [
      retry({ retryAfterMs: 100 }),
      retry({ retryAfterMs: 30_000 }),
      retry({ retryAfterMs: 900_000 }),
    ]
    const broker = open([trigger(() => Promise.resolve(answers.shift() ?? done))], { sleep })
    await broker.publish(event('1'))
    await eventually(() => broker.depth()['asked'] === 0)
    expect(pausesMs).to.deep.equal([1_000, 30_000, 60_000])
    expect(broker.deadLetters.events).to.deep.equal([])
    await broker.close()
  })

  it('refuses, before it journals or queues, when one of the queues is full', async () => {
    const broker = open(
      [trigger(never, { name: 'slow' }), trigger(() => Promise.resolve(done), { name: 'quick' })],
      {
        maxQueued: 2,
        closeTimeoutMs: 10,
      },
    )
    await broker.publish(event('1'))
    await broker.publish(event('2'))
    const error = await rejectionOf(broker.publish(event('3')))
    expect(error).to.be.instanceOf(NotNowError).and.include({ code: 'broker_full' })
    expect(broker.journal.events.map(({ id }) => id)).to.deep.equal(['1', '2'])
    await eventually(() => broker.depth()['quick'] === 0)
    expect(broker.depth()).to.deep.equal({ slow: 2, quick: 0 })
    await broker.close()
  })

  it('keeps the bound when many publish at once while the journal is slow', async () => {
    const slow = Promise.withResolvers<void>()
    const broker = open([trigger(never)], {
      maxQueued: 2,
      journal: { append: () => slow.promise },
      closeTimeoutMs: 10,
    })
    const results = [1, 2, 3, 4].map((n) => broker.publish(event(String(n))))
    slow.resolve()
    const settled = await Promise.allSettled(results)
    expect(settled.map(({ status }) => status)).to.deep.equal([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ])
    expect(broker.depth()).to.deep.equal({ asked: 2 })
    await broker.close()
  })

  it('queues nothing when the journal cannot take the event', async () => {
    const broken = new NotNowError('journal_unavailable', 'no space')
    const broker = open([trigger(never)], { journal: { append: () => Promise.reject(broken) } })
    expect(await rejectionOf(broker.publish(event('1')))).to.equal(broken)
    expect(broker.depth()).to.deep.equal({ asked: 0 })
    await broker.close()
  })

  it('lets an event leave only once the dead letters have it', async () => {
    const { sleep, pausesMs } = recordSleep()
    let failures = 2
    const written: Event[] = []
    const deadLetters = {
      append: (letter: Event) => {
        if (failures-- > 0) return Promise.reject(new NotNowError('journal_unavailable', 'no space'))
        written.push(letter)
        return Promise.resolve()
      },
    }
    const rejected: DeliveryOutcome = { kind: 'rejected', status: 400, reason: 'malformed' }
    const broker = open([trigger(() => Promise.resolve(rejected))], { sleep, deadLetters })
    await broker.publish(event('1'))
    await eventually(() => broker.depth()['asked'] === 0)
    expect(pausesMs).to.deep.equal([5_000, 5_000])
    expect(written).to.deep.equal([{ ...event('1'), knativeerrordest: 'asked', knativeerrorcode: 400 }])
    await broker.close()
  })

  it('hands on a reply again without asking the subscriber again', async () => {
    const { sleep } = recordSleep()
    let asked = 0
    let failures = 2
    const journalled: string[] = []
    const journal = {
      append: ({ id }: Event) => {
        if (id === 'reply' && failures-- > 0)
          return Promise.reject(new NotNowError('journal_unavailable', 'no space'))
        journalled.push(id)
        return Promise.resolve()
      },
    }
    const answer: Deliver = () => {
      asked += 1
      return Promise.resolve({ kind: 'done', reply: event('reply', 'test.answered') })
    }
    const broker = open([trigger(answer)], { sleep, journal })
    await broker.publish(event('1'))
    await eventually(() => journalled.length === 2)
    expect(asked).to.equal(1)
    expect(journalled).to.deep.equal(['1', 'reply'])
    await broker.close()
  })

  it('gives every attempt the event as it was published', async () => {
    const { sleep } = recordSleep()
    const seen: unknown[] = []
    const spoil: Deliver = (got) => {
      seen.push(got.data)
      Object.assign(got, { data: 'spoilt' })
      return Promise.resolve(seen.length < 2 ? retry() : done)
    }
    const broker = open([trigger(spoil)], { sleep })
    const sent = { ...event('1'), data: { n: 1 } }
    await broker.publish(sent)
    sent.data.n = 2
    await eventually(() => seen.length === 2)
    expect(seen).to.deep.equal([{ n: 1 }, { n: 1 }])
    await broker.close()
  })

  it('drains when everything is delivered, replies included, and says so when it is not in time', async () => {
    const gate = Promise.withResolvers<void>()
    const order: string[] = []
    const answer: Deliver = async () => {
      await gate.promise
      return { kind: 'done', reply: event('reply', 'test.answered') }
    }
    const hear: Deliver = ({ id }) => {
      order.push(id)
      return Promise.resolve(done)
    }
    const broker = open([
      trigger(answer),
      trigger(hear, { name: 'answered', filter: { type: 'test.answered' } }),
    ])
    await broker.publish(event('1'))
    expect(await rejectionOf(broker.drain(20))).to.include({ code: 'broker_busy' })
    const drained = broker.drain(1_000)
    gate.resolve()
    await drained
    expect(order).to.deep.equal(['reply'])
    await broker.close()
  })

  it('waits, when closing, for deliveries under way, takes their replies, and logs what is left', async () => {
    const gate = Promise.withResolvers<void>()
    const answer: Deliver = async () => {
      await gate.promise
      return { kind: 'done', reply: event('reply', 'test.asked') }
    }
    const broker = open([trigger(answer)])
    await broker.publish(event('1'))
    await broker.publish(event('2'))
    const closed = broker.close()
    expect(await rejectionOf(broker.publish(event('3')))).to.include({ code: 'broker_closed' })
    gate.resolve()
    await closed
    expect(broker.depth()).to.deep.equal({ asked: 2 })
    expect(broker.journal.events.map(({ id }) => id)).to.deep.equal(['1', '2', 'reply'])
    const left = broker.log.lines.find(({ message }) => message.includes('undelivered'))
    expect(left?.fields).to.deep.equal({ trigger: 'asked', undelivered: 2, eventIds: ['2', 'reply'] })
  })

  it('does not wait for pauses when closing, nor for ever for a subscriber', async () => {
    const pausing = open([trigger(() => Promise.resolve(retry()), { backoffDelayMs: 3_600_000 })])
    await pausing.publish(event('1'))
    await eventually(() => pausing.log.lines.some(({ level }) => level === 'warn'))
    await pausing.close()
    expect(pausing.depth()).to.deep.equal({ asked: 1 })
    expect(pausing.deadLetters.events).to.deep.equal([])

    const hanging = open([trigger(never, { timeoutMs: 200 })], { closeTimeoutMs: 20 })
    await hanging.publish(event('1'))
    await hanging.close()
    expect(hanging.depth()).to.deep.equal({ asked: 1 })
    expect(await rejectionOf(hanging.drain(60_000))).to.include({ code: 'broker_busy' })
  })

  it('closes once', async () => {
    const broker = open([])
    await Promise.all([broker.close(), broker.close()])
    await broker.drain(10)
  })
})
