import type { Database } from '../../runtime/database/database.ts'
import type { KnownOfMatch, SavedMatch } from '../scrape-match.ts'
import { replacePlayers } from './replace-players.ts'
import { saveMatchRow } from './save-match.ts'

/** Keeps the rows of a match, all or none. */
export function keepMatch(
  database: Pick<Database, 'transaction'>,
  source: string,
  saved: SavedMatch,
): Promise<KnownOfMatch> {
  return database.transaction(async (transaction) => {
    const known = await saveMatchRow(transaction, source, saved)
    await replacePlayers(transaction, saved.reading)
    return known
  })
}
