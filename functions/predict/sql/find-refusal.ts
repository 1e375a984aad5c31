import { z } from 'zod'
import { type Failure, failure, replayRefusal } from '../../../events/failure.ts'
import type { Database } from '../../runtime/database/database.ts'

/** The latest refusal of what was asked about a subject, by whichever function; undefined where there is none since. */
export async function findRefusal(
  database: Pick<Database, 'query'>,
  subject: string,
  since: Date,
): Promise<Failure | undefined> {
  const [found] = await database.query(
    {
      name: 'find-refusal',
      text: `select reply->'data' as failure from processed_events
             where refused and subject = $1 and processed_at >= $2 and reply->'data'->>'code' <> $3
             order by processed_at desc limit 1`,
      values: [subject, since, replayRefusal],
    },
    z.object({ failure }),
  )
  return found?.failure
}
