import { z } from 'zod'
import type { Database } from '../../runtime/database/database.ts'
import type { KnownOfMatch, SavedMatch } from '../scrape-match.ts'

const row = z.object({ country: z.string().nullable(), competition: z.string().nullable() })

/** Adds or renews the row of one match, and tells what the lists of fixtures said of it. Run inside a transaction. */
export async function saveMatchRow(
  transaction: Pick<Database, 'query'>,
  source: string,
  { reading, digest }: SavedMatch,
): Promise<KnownOfMatch> {
  const { match, readAt, missingPlayers } = reading
  const [saved] = await transaction.query(
    {
      name: 'save-match',
      text: `insert into matches (match_id, source, home_team_id, home_name, away_team_id, away_name, kickoff, status,
               home_score, away_score, digest, page_read_at, missing_read_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
             on conflict (match_id) do update set
               home_team_id = excluded.home_team_id, home_name = excluded.home_name,
               away_team_id = excluded.away_team_id, away_name = excluded.away_name,
               kickoff = excluded.kickoff, status = excluded.status,
               home_score = excluded.home_score, away_score = excluded.away_score, digest = excluded.digest,
               page_read_at = excluded.page_read_at, missing_read_at = excluded.missing_read_at
             returning country, competition`,
      values: [
        match.matchId,
        source,
        match.home.teamId,
        match.home.name,
        match.away.teamId,
        match.away.name,
        match.kickoff,
        match.status,
        match.score?.home ?? null,
        match.score?.away ?? null,
        digest,
        readAt,
        missingPlayers === null ? null : readAt,
      ],
    },
    row,
  )
  if (!saved) throw new Error('save-match gave no row')
  return saved
}
