import { NotNowError } from '../errors/errors.ts'
import type { Sleep } from './ports.ts'

export interface Emptiness {
  /** To be called whenever something has left. */
  check(): void
  /** Resolves when nothing is left; throws NotNowError `broker_busy` after `timeoutMs` or at once on the signal. */
  reached(timeoutMs: number, giveUp: AbortSignal): Promise<void>
}

/** Lets callers wait until `count` is 0. */
export function watchEmptiness(count: () => number, sleep: Sleep): Emptiness {
  const waiters = new Set<() => void>()
  return {
    check() {
      if (count() === 0) for (const wake of waiters) wake()
    },
    async reached(timeoutMs, giveUp) {
      if (count() === 0) return
      const empty = Promise.withResolvers<void>()
      const done = new AbortController()
      waiters.add(empty.resolve)
      try {
        await Promise.race([
          empty.promise,
          sleepUntil(sleep, timeoutMs, AbortSignal.any([done.signal, giveUp])),
        ])
      } finally {
        waiters.delete(empty.resolve)
        done.abort()
      }
      if (count() > 0) throw new NotNowError('broker_busy', `${count()} events are still queued.`)
    },
  }
}

/** A pause that ends, without a fault, as soon as the signal comes. */
export async function sleepUntil(sleep: Sleep, ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, signal)
  } catch (thrown) {
    if (!signal.aborted) throw thrown
  }
}
