import { z } from 'zod'
import type { Database } from '../../runtime/database/database.ts'

export interface ClubRow {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly competition: string
  readonly aliases: readonly string[]
}

/** Makes the table hold exactly these clubs; run inside a transaction. */
export async function replaceClubs(
  transaction: Pick<Database, 'query'>,
  clubs: readonly ClubRow[],
): Promise<void> {
  // Two processes that start at once would both find nothing to delete, and then both insert. Readers go on.
  const lock = 'lock table clubs in share row exclusive mode'
  await transaction.query({ name: 'lock-clubs', text: lock, values: [] }, z.never())
  await transaction.query({ name: 'delete-clubs', text: 'delete from clubs', values: [] }, z.never())
  await transaction.query(
    {
      name: 'insert-clubs',
      text: `insert into clubs (club_id, name, country, competition, aliases)
             select club->>'id', club->>'name', club->>'country', club->>'competition',
                    array(select jsonb_array_elements_text(club->'aliases'))
             from jsonb_array_elements($1::jsonb) as club`,
      values: [JSON.stringify(clubs)],
    },
    z.never(),
  )
}
