import { z } from 'zod'
import type { Database } from '../../runtime/database/database.ts'
import type { Fixture } from '../sources/whoscored/records.ts'

/**
 * Adds or renews the rows of a list of fixtures; what only a match's own page tells stays as it is, and so do rows
 * that were read after the list.
 */
export async function saveFixtures(
  database: Pick<Database, 'query'>,
  source: string,
  fixtures: readonly Fixture[],
  listedAt: Date,
): Promise<void> {
  await database.query(
    {
      name: 'save-fixtures',
      text: `insert into matches (match_id, source, stage_id, country, competition, season, home_team_id, home_name,
               away_team_id, away_name, kickoff, status, home_score, away_score, listed_at)
             select (m->>'matchId')::bigint, $1, (m->>'stageId')::bigint, m->>'country', m->>'competition',
               m->>'season', (m->'home'->>'teamId')::bigint, m->'home'->>'name', (m->'away'->>'teamId')::bigint,
               m->'away'->>'name', (m->>'kickoff')::timestamptz, m->>'status', (m->'score'->>'home')::smallint,
               (m->'score'->>'away')::smallint, $3
             from jsonb_array_elements($2::jsonb) as m
             on conflict (match_id) do update set
               source = excluded.source, stage_id = excluded.stage_id, country = excluded.country,
               competition = excluded.competition, season = excluded.season,
               home_team_id = excluded.home_team_id, home_name = excluded.home_name,
               away_team_id = excluded.away_team_id, away_name = excluded.away_name,
               kickoff = excluded.kickoff, status = excluded.status,
               home_score = excluded.home_score, away_score = excluded.away_score, listed_at = excluded.listed_at
               where coalesce(greatest(matches.listed_at, matches.page_read_at) <= excluded.listed_at, true)`,
      values: [source, JSON.stringify(fixtures), listedAt],
    },
    z.never(),
  )
}
