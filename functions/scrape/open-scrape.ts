import { readConfig } from '../runtime/config/read-config.ts'
import type { Context } from '../runtime/serve/context.ts'
import type { OpenedFunction } from '../runtime/serve/serve.ts'
import { archivePages } from './archive-pages.ts'
import { scrapeVariables } from './config.ts'
import { scrapeHandlers } from './handlers.ts'
import { openReader } from './open-reader.ts'
import { scrapeFixtures } from './scrape-fixtures.ts'
import { scrapeMatch } from './scrape-match.ts'
import { createWhoScoredSource } from './sources/whoscored/source.ts'
import { keepMatch } from './sql/keep-match.ts'
import { saveFixtures } from './sql/save-fixtures.ts'

/** Wires the scrape function: a source read politely, and the stores that keep what it says. */
export async function openScrape({ environment, log, lifecycle, stores }: Context): Promise<OpenedFunction> {
  const config = readConfig(scrapeVariables, environment)
  const { database, objects } = stores
  const now = () => new Date()
  const reader = await openReader(config, log)
  lifecycle.onStop('page reader', () => reader.close())
  const { SCRAPE_BASE_URL: baseUrl, SCRAPE_STAGES: stages, SCRAPE_SOURCE: site } = config
  const read = archivePages(reader.read, { objects, site, log, now })
  const source = createWhoScoredSource({ read, baseUrl, stages, now })
  const handlers = scrapeHandlers({
    scrapeMatch: (id) =>
      scrapeMatch(id, {
        readMatch: (match) => source.readMatch(match),
        saveMatch: (saved) => keepMatch(database, site, saved),
      }),
    scrapeFixtures: (range) =>
      scrapeFixtures(range, {
        readFixtures: (from, to) => source.readFixtures(from, to),
        saveFixtures: (fixtures, listedAt) => saveFixtures(database, site, fixtures, listedAt),
        now,
      }),
    now,
  })
  return { handlers, checks: { database: () => database.ping() } }
}
