import { z } from 'zod'
import type { Database } from '../../runtime/database/database.ts'
import { type Entry, insertEntry } from '../../runtime/ledger/ledger-entry.ts'
import type { Scored } from '../score-match.ts'

/**
 * Adds a prediction together with the entry of its event, in one round trip; neither where the event is recorded
 * already, and then the result is false. The same inputs through the same model are kept once, whatever the event.
 */
export async function savePrediction(
  database: Pick<Database, 'query'>,
  { prediction, pageDigest }: Scored,
  entry: Entry,
): Promise<boolean> {
  const saved = await database.query(
    {
      name: 'save-prediction',
      text: `with entry as (${insertEntry} returning true)
             insert into predictions
               (subject, model_version, input_digest, match_id, page_digest, kickoff, computed_at, prediction)
             select $8::text, $9::text, $10::text, $11::bigint, $12::text, $13::timestamptz, $14::timestamptz, $15::jsonb
             from entry
             on conflict (subject, model_version, input_digest)
             do update set page_digest = excluded.page_digest
             returning true as saved`,
      values: [
        ...entry,
        prediction.subject,
        prediction.model.version,
        prediction.input_digest,
        prediction.match_id,
        pageDigest,
        prediction.kickoff,
        prediction.computed_at,
        JSON.stringify(prediction),
      ],
    },
    z.object({ saved: z.literal(true) }),
  )
  return saved.length > 0
}
