import { z } from 'zod'
import type { EventKind } from '../envelope.ts'
import { matchId } from '../prediction.ts'

const data = z.strictObject({ match_id: matchId })

export type MatchRequested = z.infer<typeof data>

export const matchRequested: EventKind<MatchRequested> = {
  type: 'soccer.match.requested.v1',
  data,
  source: '/soccer/predict',
  to: ['scrape'],
  means: 'read this match (page, preview) now',
}
