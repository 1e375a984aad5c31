import { z } from 'zod'
import type { Database } from '../database/database.ts'
import { asError } from '../errors/errors.ts'
import type { Log } from '../logging/logger.ts'

/** Far beyond every retry of a broker; dead letters older than this are replayed as new events. */
const keptDays = 7
const batchRows = 500
const pauseMs = 60_000

/**
 * To be called after a write: deletes some old entries once a minute, and with every write while there are more. Nobody
 * waits for it, and its failure concerns nobody: the next one catches up.
 */
export function createPruner(database: Pick<Database, 'query'>, log: Log): () => void {
  let dueAtMs = 0
  let underWay = false
  return () => {
    if (underWay || performance.now() < dueAtMs) return
    underWay = true
    pruneEntries(database)
      .then((pruned) => (dueAtMs = pruned < batchRows ? performance.now() + pauseMs : 0))
      .catch((thrown: unknown) => {
        dueAtMs = performance.now() + pauseMs
        log.warn({ err: asError(thrown) }, 'old entries of processed events could not be deleted')
      })
      .finally(() => (underWay = false))
  }
}

async function pruneEntries(database: Pick<Database, 'query'>): Promise<number> {
  const [{ pruned } = { pruned: 0 }] = await database.query(
    {
      name: 'prune-entries',
      text: `with old as (
               select ctid from processed_events where processed_at < now() - make_interval(days => $1)
               order by processed_at limit $2 for update skip locked
             ), gone as (
               delete from processed_events where ctid in (select ctid from old) returning 1
             )
             select count(*)::integer as pruned from gone`,
      values: [keptDays, batchRows],
    },
    z.object({ pruned: z.number() }),
  )
  return pruned
}
