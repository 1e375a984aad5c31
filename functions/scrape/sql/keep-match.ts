import type { Querying } from '../../runtime/database/statements.ts'
import type { KnownOfMatch, SavedMatch } from '../scrape-match.ts'
import { replacePlayers } from './replace-players.ts'
import { saveMatchRow } from './save-match.ts'

/** Keeps the rows of a match, unless newer ones are stored; run inside a transaction. */
export async function keepMatch(
  transaction: Querying,
  source: string,
  saved: SavedMatch,
): Promise<KnownOfMatch> {
  const row = await saveMatchRow(transaction, source, saved)
  if (row.saved) await replacePlayers(transaction, saved.reading)
  return row.known
}
