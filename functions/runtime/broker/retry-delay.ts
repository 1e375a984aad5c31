import type { Trigger } from './publisher.ts'

/** A subscriber may ask for a longer pause than the backoff, but not hold the queue up for as long as it likes. */
const retryAfterCapMs = 60_000

type Patience = Pick<Trigger, 'backoffPolicy' | 'backoffDelayMs'>

/**
 * Pause before retry `n` (from 1): `delay·2^n` or `delay·n`, as the RabbitMQ dispatcher counts;
 * a longer Retry-After wins, up to 60 s.
 */
export function retryDelayMs(patience: Patience, n: number, retryAfterMs = 0): number {
  const { backoffPolicy, backoffDelayMs } = patience
  const backoffMs = backoffPolicy === 'exponential' ? backoffDelayMs * 2 ** n : backoffDelayMs * n
  return Math.max(backoffMs, Math.min(retryAfterMs, retryAfterCapMs))
}
