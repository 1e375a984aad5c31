import type { Pool, PoolClient } from 'pg'
import { asError } from '../errors/errors.ts'
import { withDeadline } from '../lifecycle/deadline.ts'
import type { Log } from '../logging/logger.ts'
import { nameConnectFailure } from './failures.ts'

/** A connection lent out for one piece of work. */
export interface Lease {
  readonly client: PoolClient
  /** Says that nobody may use this connection again. */
  spoil(): void
  readonly spoiled: boolean
}

export interface PoolLeases {
  /** Lends a connection to `work`. Throws NotNowError `database_unavailable` when there is none in time. */
  lend<T>(work: (lease: Lease) => Promise<T>): Promise<T>
  /** Every call gets the same promise. */
  close(): Promise<void>
}

const closeTimeoutMs = 5_000

export function createPoolLeases(pool: Pool, log: Log): PoolLeases {
  const lent = new Set<{ giveBack: (destroy: boolean) => void }>()
  let closed: Promise<void> | undefined

  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'))
  // The pool listens to idle connections only: a lent one that dies between two statements would end the process.
  pool.on('connect', (client) => {
    client.on('error', (error) => log.debug({ err: error }, 'a database connection was lost'))
  })

  async function connect(): Promise<PoolClient> {
    try {
      return await pool.connect()
    } catch (thrown) {
      throw nameConnectFailure(asError(thrown))
    }
  }

  async function shut(): Promise<void> {
    const ended = pool.end()
    await withDeadline(ended, closeTimeoutMs, () => new Error('statements are under way')).catch(
      () => undefined,
    )
    if (lent.size > 0) log.warn({ lent: lent.size }, 'database statements are cut off')
    for (const { giveBack } of lent) giveBack(true)
    await ended
  }

  return {
    async lend(work) {
      const client = await connect()
      let spoiled = false
      const giveBack = (destroy: boolean) => {
        if (lent.delete(loan)) client.release(destroy)
      }
      const loan = { giveBack }
      lent.add(loan)
      try {
        return await work({
          client,
          spoil: () => void (spoiled = true),
          get spoiled() {
            return spoiled
          },
        })
      } finally {
        giveBack(spoiled)
      }
    },
    close: () => (closed ??= shut()),
  }
}
