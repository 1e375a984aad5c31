import { z } from 'zod'
import type { Database } from '../../runtime/database/database.ts'

const row = z.object({
  match_id: z.coerce.number(),
  source: z.string(),
  home: z.string(),
  away: z.string(),
  kickoff: z.date(),
  competition: z.string().nullable(),
  country: z.string().nullable(),
  status: z.string(),
})

export type UpcomingMatch = z.infer<typeof row>

export interface Page {
  readonly from: Date
  /** Kick-off and id of the last match of the page before. */
  readonly after: { readonly kickoff: Date; readonly matchId: number } | undefined
  readonly limit: number
}

/** Matches still to be played, by kick-off and then by id. */
export function listUpcomingMatches(
  database: Pick<Database, 'query'>,
  { from, after, limit }: Page,
): Promise<UpcomingMatch[]> {
  return database.query(
    {
      name: 'list-upcoming-matches',
      text: `select match_id, source, home_name as home, away_name as away, kickoff, competition, country, status
             from matches
             where kickoff >= $1 and status = 'scheduled'
               and (kickoff, match_id) > ($2::timestamptz, $3::bigint)
             order by kickoff, match_id
             limit $4`,
      values: [from, after?.kickoff ?? new Date(0), after?.matchId ?? 0, limit],
    },
    row,
  )
}
