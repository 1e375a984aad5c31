import { z } from 'zod'
import type { Database } from '../../runtime/database/database.ts'
import type { Sides } from '../sources/whoscored/records.ts'
import type { MatchReading } from '../sources/whoscored/source.ts'

/** Makes the players kept of a match exactly those of its pages; run inside a transaction. */
export async function replacePlayers(
  transaction: Pick<Database, 'query'>,
  { match, missingPlayers }: MatchReading,
): Promise<void> {
  const { matchId, lineups } = match
  for (const table of ['missing_players', 'lineups']) {
    await transaction.query(
      { name: `delete-${table}`, text: `delete from ${table} where match_id = $1`, values: [matchId] },
      z.never(),
    )
  }
  await transaction.query(
    {
      name: 'insert-missing-players',
      text: `insert into missing_players (match_id, side, position, player_id, name, reason, status)
             select $1, p->>'side', (p->>'place')::smallint, (p->>'playerId')::bigint, p->>'name', p->>'reason',
               p->>'status'
             from jsonb_array_elements($2::jsonb) as p`,
      values: [matchId, JSON.stringify(missingPlayers ? listSides(missingPlayers) : [])],
    },
    z.never(),
  )
  const players = lineups && { home: lineups.home.players, away: lineups.away.players }
  await transaction.query(
    {
      name: 'insert-lineups',
      text: `insert into lineups (match_id, side, position, player_id, name, shirt, role, starter, rating)
             select $1, p->>'side', (p->>'place')::smallint, (p->>'playerId')::bigint, p->>'name',
               (p->>'shirt')::smallint, p->>'position', (p->>'starter')::boolean, (p->>'rating')::real
             from jsonb_array_elements($2::jsonb) as p`,
      values: [matchId, JSON.stringify(players ? listSides(players) : [])],
    },
    z.never(),
  )
}

function listSides(sides: Sides<readonly object[]>): object[] {
  return (['home', 'away'] as const).flatMap((side) =>
    sides[side].map((player, place) => ({ ...player, side, place })),
  )
}
