import { setTimeout as sleep } from 'node:timers/promises'
import type { Database } from '../runtime/database/database.ts'
import { NotNowError } from '../runtime/errors/errors.ts'

export interface WatchedDatabase extends Pick<Database, 'query' | 'ping'> {
  /** Whether the last that was heard of the database is that it does not answer. */
  isAway(): boolean
  close(): Promise<void>
}

const pingEveryMs = 2_000

/** Knows without a query whether the database answers: from every query that is made, and from a ping now and then. */
export function watchDatabase(
  database: Pick<Database, 'query' | 'ping'>,
  everyMs = pingEveryMs,
): WatchedDatabase {
  const closing = new AbortController()
  let away = false

  async function noting<T>(attempt: Promise<T>): Promise<T> {
    try {
      const result = await attempt
      away = false
      return result
    } catch (thrown) {
      if (thrown instanceof NotNowError) away = true
      throw thrown
    }
  }

  async function pingNowAndThen(): Promise<void> {
    while (!closing.signal.aborted) {
      await sleep(everyMs, undefined, { signal: closing.signal }).catch(() => undefined)
      if (!closing.signal.aborted) await noting(database.ping()).catch(() => undefined)
    }
  }

  const watching = pingNowAndThen()
  return {
    query: (statement, rowSchema) => noting(database.query(statement, rowSchema)),
    ping: () => noting(database.ping()),
    isAway: () => away,
    close() {
      closing.abort()
      return watching
    },
  }
}
