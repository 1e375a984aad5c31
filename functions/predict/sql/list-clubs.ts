import { z } from 'zod'
import type { Database } from '../../runtime/database/database.ts'
import type { DirectoryClub } from '../club-directory.ts'

const row = z.object({
  id: z.string(),
  name: z.string(),
  country: z.string(),
  competition: z.string(),
  aliases: z.array(z.string()),
})

/** Every club the loaded model knows. */
export function listClubs(database: Pick<Database, 'query'>): Promise<DirectoryClub[]> {
  return database.query(
    {
      name: 'list-clubs',
      text: 'select club_id as id, name, country, competition, aliases from clubs order by club_id',
      values: [],
    },
    row,
  )
}
