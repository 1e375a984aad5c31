import { z } from 'zod'
import type { Database } from '../../runtime/database/database.ts'
import type { Scored } from '../score-match.ts'

/** Adds a prediction; the same inputs through the same model are kept once, whatever arrives twice. */
export async function savePrediction(
  database: Pick<Database, 'query'>,
  { prediction, pageDigest }: Scored,
): Promise<void> {
  await database.query(
    {
      name: 'save-prediction',
      text: `insert into predictions
               (subject, model_version, input_digest, match_id, page_digest, kickoff, computed_at, prediction)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (subject, model_version, input_digest)
             do update set page_digest = excluded.page_digest`,
      values: [
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
    z.never(),
  )
}
