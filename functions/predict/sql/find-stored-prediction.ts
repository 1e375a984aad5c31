import { z } from 'zod'
import { predictionSchema } from '../../../events/prediction.ts'
import type { Database } from '../../runtime/database/database.ts'
import type { StoredPrediction } from '../answer-question.ts'

const row = z.object({
  prediction: predictionSchema,
  page_read_at: z.date().nullable(),
  same_page: z.boolean(),
})

/**
 * The prediction for a subject by the model that the alias stands for now: the latest that rests on the page as it is.
 * Where inputs went back to what they were (a doubtful player is fit again), that is not the one computed last.
 */
export async function findStoredPrediction(
  database: Pick<Database, 'query'>,
  subject: string,
  alias: string,
): Promise<StoredPrediction | undefined> {
  const [found] = await database.query(
    {
      name: 'find-stored-prediction',
      text: `select p.prediction, m.page_read_at, p.page_digest is not distinct from m.digest as same_page
             from predictions p
             join models on models.alias = $2 and models.version = p.model_version
             left join matches m on m.match_id = p.match_id
             where p.subject = $1
             order by same_page desc, p.computed_at desc, p.prediction_id desc
             limit 1`,
      values: [subject, alias],
    },
    row,
  )
  return found && { prediction: found.prediction, pageReadAt: found.page_read_at, samePage: found.same_page }
}
