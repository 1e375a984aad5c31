import { setTimeout as wait } from 'node:timers/promises'
import { asError, NotNowError } from '../errors/errors.ts'
import type { Log } from '../logging/logger.ts'
import { deliverWithRetry } from './deliver-with-retry.ts'
import { sleepUntil, watchEmptiness } from './emptiness.ts'
import type { DeadLetters, EventJournal, Sleep } from './ports.ts'
import type { Event, Publish, Trigger } from './publisher.ts'
import { createTriggerQueue, type TriggerQueue } from './trigger-queue.ts'

export interface MemoryBroker {
  /** Throws NotNowError `broker_full`, `broker_closed` or what the journal throws; nothing is queued then. */
  readonly publish: Publish
  /** Events not yet seen through, by trigger. */
  depth(): Record<string, number>
  /** Resolves when every queue is empty; throws NotNowError `broker_busy` after `timeoutMs`. */
  drain(timeoutMs: number): Promise<void>
  /** Stops taking, waits for deliveries under way, logs what is left. Every call gets the same promise. */
  close(): Promise<void>
}

export interface MemoryBrokerOptions {
  readonly triggers: readonly Trigger[]
  readonly journal: EventJournal
  readonly deadLetters: DeadLetters
  readonly log: Log
  /** Bound of each trigger's queue, deliveries under way included. */
  readonly maxQueued?: number
  /** How long `close` waits for deliveries under way. */
  readonly closeTimeoutMs?: number
  readonly sleep?: Sleep
}

/** Below the closing deadline a process gives each of its parts (10 s). */
const defaultCloseTimeoutMs = 8_000
const maxNamedInLog = 20

const sleepFor: Sleep = (ms, signal) => wait(ms, undefined, { signal })

/** The broker of one process: what the RabbitMQ broker does, but events wait in memory; the journal outlives it. */
export function createMemoryBroker(options: MemoryBrokerOptions): MemoryBroker {
  const { triggers, journal, deadLetters, log, maxQueued = 10_000, sleep = sleepFor } = options
  const closing = new AbortController()
  const accepting = new Set<Promise<void>>()
  let closed: Promise<void> | undefined

  const count = () => queues.reduce((sum, queue) => sum + queue.depth(), 0)
  const emptiness = watchEmptiness(count, sleep)
  const onStay = (thrown: unknown) => {
    if (!closing.signal.aborted) log.error({ err: asError(thrown) }, 'an event is stranded in its queue')
  }
  const queues: readonly TriggerQueue[] = triggers.map((trigger) => {
    const needs = { trigger, publish: accept, deadLetters, log, sleep, closing: closing.signal }
    const process = (makeEvent: () => Event) => deliverWithRetry(makeEvent, needs)
    return createTriggerQueue(trigger, { maxQueued, process, onStay, onLeave: () => emptiness.check() })
  })

  /** Also takes the replies of deliveries that end while the broker closes. */
  async function accept(event: Event): Promise<void> {
    const accepted = enqueue(event, queues, journal)
    accepting.add(accepted)
    try {
      await accepted
    } finally {
      accepting.delete(accepted)
      emptiness.check()
    }
  }

  async function shut(): Promise<void> {
    closing.abort()
    const ended = new AbortController()
    const stopped = Promise.all(queues.map((queue) => queue.stop())).then(() => Promise.allSettled(accepting))
    const closeTimeoutMs = options.closeTimeoutMs ?? defaultCloseTimeoutMs
    await Promise.race([stopped, sleepUntil(sleep, closeTimeoutMs, ended.signal)])
    ended.abort()
    for (const queue of queues) logLeft(queue, log)
  }

  return {
    async publish(event) {
      if (closed) throw new NotNowError('broker_closed', 'The broker is closing.')
      await accept(event)
    },
    depth: () => Object.fromEntries(queues.map((queue) => [queue.trigger.name, queue.depth()])),
    drain: (timeoutMs) => emptiness.reached(timeoutMs, closing.signal),
    close: () => (closed ??= shut()),
  }
}

/** All places are taken before the journal is asked, so that an event is in every queue it belongs to or in none. */
async function enqueue(event: Event, queues: readonly TriggerQueue[], journal: EventJournal): Promise<void> {
  const matching = queues.filter(({ trigger }) => matches(event, trigger.filter))
  const full = matching.find((queue) => queue.isFull())
  if (full) throw new NotNowError('broker_full', `The queue of ${full.trigger.name} is full.`)
  for (const queue of matching) queue.reserve()
  try {
    await journal.append(event)
  } catch (thrown) {
    for (const queue of matching) queue.release()
    throw thrown
  }
  for (const queue of matching) queue.put(event)
}

function matches(event: Event, filter: Trigger['filter']): boolean {
  return Object.entries(filter).every(([attribute, value]) => event[attribute] === value)
}

function logLeft(queue: TriggerQueue, log: Log): void {
  const left = queue.left()
  if (left.length === 0) return
  const eventIds = left.slice(0, maxNamedInLog).map((event) => event.id)
  const about = { trigger: queue.trigger.name, undelivered: left.length, eventIds }
  log.warn(about, 'events are left undelivered; the journal has them')
}
