import { readConfig } from '../runtime/config/read-config.ts'
import { openLedger } from '../runtime/ledger/ledger.ts'
import type { Context } from '../runtime/serve/context.ts'
import type { OpenedFunction } from '../runtime/serve/serve.ts'
import { archivePages } from './archive-pages.ts'
import { scrapeVariables } from './config.ts'
import { scrapeHandlers } from './handlers.ts'
import { openReader } from './open-reader.ts'
import { readArchived } from './read-archived.ts'
import { createWhoScoredSource } from './sources/whoscored/source.ts'
import { keepMatch } from './sql/keep-match.ts'
import { saveFixtures } from './sql/save-fixtures.ts'

/** Wires the scrape function: a source read politely, and the stores that keep what it says. */
export async function openScrape({ environment, log, lifecycle, stores }: Context): Promise<OpenedFunction> {
  const config = readConfig(scrapeVariables, environment)
  const { database, cache, objects } = stores
  const now = () => new Date()
  const reader = await openReader(config, log, (key, ttlMs) => cache.increment(key, ttlMs))
  lifecycle.onStop('page reader', () => reader.close())
  const { SCRAPE_BASE_URL: baseUrl, SCRAPE_STAGES: stages, SCRAPE_SOURCE: site } = config
  const readingFor = (replayed: Date | undefined) => {
    const { read, readAt } = replayed
      ? readArchived({ objects, site }, replayed)
      : archivePages(reader.read, { objects, site, log, now })
    return { ...createWhoScoredSource({ read, baseUrl, stages, now: readAt }), now: readAt }
  }
  const handlers = scrapeHandlers({
    readingFor,
    saveMatch: (transaction, saved) => keepMatch(transaction, site, saved),
    saveFixtures: (transaction, fixtures, at) => saveFixtures(transaction, site, fixtures, at),
    ledger: openLedger('scrape', database, log),
    now,
  })
  return { handlers, checks: { database: () => database.ping() } }
}
