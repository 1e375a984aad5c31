import { setTimeout as sleep } from 'node:timers/promises'
import { asError } from '../errors/errors.ts'
import type { Logger } from '../logging/logger.ts'
import { withDeadline } from './deadline.ts'

/**
 * The life of one process: what is under way, what must be closed, and how it ends.
 *
 *   running ──SIGTERM/SIGINT──▶ draining ──nothing under way, or grace over──▶ closing (reverse order) ──▶ exit 0
 *      └─ uncaught error ──▶ exit 1 at once, logged: state lives in the stores, a new process starts clean
 */
export interface Lifecycle {
  readonly stopping: boolean
  /** Counts a piece of work as under way until it settles. */
  track<T>(work: () => Promise<T>): Promise<T>
  /** Closed in reverse order of registration, each within the closing deadline. */
  onStop(name: string, close: () => Promise<void> | void): void
  /** Stop taking new work: runs once the last arrivals are in. */
  onDrain(stopTaking: () => void): void
  /** Drains and closes; every call gets the same promise. */
  stop(reason: string): Promise<void>
}

/** Requests that are on the wire when the signal comes are still taken; a listener closed at once would reset them. */
const lastArrivalsMs = 200
/** A reply written just now must leave the socket before the process ends (faas-js-runtime exits at once). */
const replyLeavesMs = 50
const closeDeadlineMs = 10_000

export interface LifecycleOptions {
  readonly log: Logger
  readonly graceMs: number
}

export function createLifecycle({ log, graceMs }: LifecycleOptions): Lifecycle {
  const underWay = new Set<Promise<unknown>>()
  const closers: { name: string; close: () => Promise<void> | void }[] = []
  const drains: (() => void)[] = []
  let stopped: Promise<void> | undefined

  async function drain(): Promise<void> {
    await sleep(lastArrivalsMs)
    for (const stopTaking of drains) stopTaking()
    const deadline = performance.now() + graceMs
    while (underWay.size > 0 && performance.now() < deadline) {
      // Work under way may start more work, so look again after each round.
      await Promise.race([Promise.allSettled(underWay), sleep(Math.min(250, graceMs))])
    }
    if (underWay.size > 0) log.warn({ underWay: underWay.size }, 'grace is over, work is cut off')
    await sleep(replyLeavesMs)
  }

  async function closeAll(): Promise<void> {
    for (const { name, close } of closers.toReversed()) {
      try {
        await withDeadline(
          Promise.resolve(close()),
          closeDeadlineMs,
          () => new Error(`${name} does not close`),
        )
      } catch (thrown) {
        log.error({ err: asError(thrown), part: name }, 'a part did not close')
      }
    }
  }

  return {
    get stopping() {
      return stopped !== undefined
    },
    track(work) {
      const promise = work()
      underWay.add(promise)
      const forget = () => underWay.delete(promise)
      promise.then(forget, forget)
      return promise
    },
    onStop: (name, close) => void closers.push({ name, close }),
    onDrain: (stopTaking) => void drains.push(stopTaking),
    stop(reason) {
      stopped ??= (async () => {
        log.info({ reason, underWay: underWay.size }, 'stopping')
        await drain()
        await closeAll()
        log.info('stopped')
      })()
      return stopped
    },
  }
}
