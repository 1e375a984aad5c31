import { z } from 'zod'
import type { Database } from '../../runtime/database/database.ts'
import type { KnownOfMatch, SavedMatch } from '../scrape-match.ts'

const row = z.object({ country: z.string().nullable(), competition: z.string().nullable() })

/**
 * Adds or renews the row of one match, and tells what the lists of fixtures said of it. A page read before the one that
 * is stored (a replay) changes nothing: `saved` is false then. Run inside a transaction.
 */
export async function saveMatchRow(
  transaction: Pick<Database, 'query'>,
  source: string,
  { reading, digest }: SavedMatch,
): Promise<{ readonly saved: boolean; readonly known: KnownOfMatch }> {
  const { match, readAt, missingPlayers } = reading
  const [known] = await transaction.query(
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
               where matches.page_read_at is null or matches.page_read_at <= excluded.page_read_at
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
  if (known) return { saved: true, known }
  const [newer] = await transaction.query(
    {
      name: 'known-of-match',
      text: 'select country, competition from matches where match_id = $1',
      values: [match.matchId],
    },
    row,
  )
  if (!newer) throw new Error('save-match gave no row')
  return { saved: false, known: newer }
}
