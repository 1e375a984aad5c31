import type { EventKind } from '../envelope.ts'
import { type Prediction, predictionSchema } from '../prediction.ts'

export const predictionCompleted: EventKind<Prediction> = {
  type: 'soccer.prediction.completed.v1',
  data: predictionSchema,
  source: '/soccer/infer',
  to: ['archive'],
  means: 'probabilities, model version, as_of',
}
