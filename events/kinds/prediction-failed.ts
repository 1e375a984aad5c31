import type { EventKind } from '../envelope.ts'
import { type Failure, failure } from '../failure.ts'

export const predictionFailed: EventKind<Failure> = {
  type: 'soccer.prediction.failed.v1',
  data: failure,
  source: '/soccer/infer',
  to: ['predict'],
  means: 'code and detail: it will never work as asked',
}
