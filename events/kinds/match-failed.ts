import type { EventKind } from '../envelope.ts'
import { type Failure, failure } from '../failure.ts'

export const matchFailed: EventKind<Failure> = {
  type: 'soccer.match.failed.v1',
  data: failure,
  source: '/soccer/scrape',
  to: ['predict'],
  means: 'code and detail: it will never work as asked',
}
