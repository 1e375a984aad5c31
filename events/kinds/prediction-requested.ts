import { z } from 'zod'
import { type EventKind, moment } from '../envelope.ts'
import { clubId } from '../prediction.ts'

const data = z
  .strictObject({
    home_club_id: clubId,
    away_club_id: clubId,
    kickoff: moment,
    competition: z.string().max(120).nullable(),
  })
  .refine((pair) => pair.home_club_id !== pair.away_club_id, 'a club cannot play itself')

export type PredictionRequested = z.infer<typeof data>

export const predictionRequested: EventKind<PredictionRequested> = {
  type: 'soccer.prediction.requested.v1',
  data,
  source: '/soccer/predict',
  to: ['infer'],
  means: 'two clubs on a day: score it from the ratings at hand',
}
