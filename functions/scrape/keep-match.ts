import { createHash } from 'node:crypto'
import type { Database } from '../runtime/database/database.ts'
import type { Objects } from '../runtime/objects/objects.ts'
import type { KnownOfMatch, SavedMatch } from './scrape-match.ts'
import type { RawPage } from './sources/whoscored/source.ts'
import { replacePlayers } from './sql/replace-players.ts'
import { saveMatchRow } from './sql/save-match.ts'

interface Needs {
  readonly database: Pick<Database, 'transaction'>
  readonly objects: Pick<Objects, 'put'>
  readonly site: string
}

/** Keeps what was read of a match: raw pages as objects, rows in one transaction. */
export function keepMatch({ database, objects, site }: Needs) {
  return {
    async archivePage(matchId: number, { url, html }: RawPage, readAt: Date): Promise<void> {
      const page = createHash('sha256').update(url).digest('hex').slice(0, 12)
      const day = readAt.toISOString().slice(0, 10)
      const key = `pages/${site}/${day}/${matchId}-${page}.html`
      await objects.put(key, Buffer.from(html), { contentType: 'text/html; charset=utf-8' })
    },
    saveMatch(saved: SavedMatch): Promise<KnownOfMatch> {
      return database.transaction(async (transaction) => {
        const known = await saveMatchRow(transaction, site, saved)
        await replacePlayers(transaction, saved.reading)
        return known
      })
    },
  }
}
