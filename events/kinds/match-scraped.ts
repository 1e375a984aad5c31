import { z } from 'zod'
import { type EventKind, moment } from '../envelope.ts'
import { matchId, missingPlayers } from '../prediction.ts'

const side = z.strictObject({ team_id: z.number().int().positive(), name: z.string().min(1).max(120) })

const data = z.strictObject({
  match_id: matchId,
  home: side,
  away: side,
  kickoff: moment,
  /** Country of the competition; helps to tell clubs of one name apart. */
  country: z.string().max(120).nullable(),
  competition: z.string().max(120).nullable(),
  status: z.enum(['scheduled', 'in_play', 'finished', 'postponed', 'abandoned', 'cancelled', 'unknown']),
  missing_players: missingPlayers,
  page_read_at: moment,
  /** SHA-256 of the rows stored for this match, hexadecimal: the same rows, the same digest. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
})

export type MatchScraped = z.infer<typeof data>

export const matchScraped: EventKind<MatchScraped> = {
  type: 'soccer.match.scraped.v1',
  data,
  source: '/soccer/scrape',
  to: ['infer', 'archive'],
  means: "the match's rows are stored; digest and freshness inside",
}
