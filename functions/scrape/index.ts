import { readConfig } from '../runtime/config/read-config.ts'
import type { Context } from '../runtime/serve/context.ts'
import { openContext } from '../runtime/serve/open-context.ts'
import { runAlone } from '../runtime/serve/run-alone.ts'
import { type OpenedFunction, serve } from '../runtime/serve/serve.ts'
import { scrapeVariables } from './config.ts'
import { scrapeHandlers } from './handlers.ts'
import { keepMatch } from './keep-match.ts'
import { openReader } from './open-reader.ts'
import { scrapeFixtures } from './scrape-fixtures.ts'
import { scrapeMatch } from './scrape-match.ts'
import { createWhoScoredSource } from './sources/whoscored/source.ts'
import { saveFixtures } from './sql/save-fixtures.ts'

/** Wires the scrape function: a source read politely, and the stores that keep what it says. */
export async function openScrape({ environment, log, lifecycle, stores }: Context): Promise<OpenedFunction> {
  const config = readConfig(scrapeVariables, environment)
  const { database, objects } = stores
  const now = () => new Date()
  const reader = await openReader(config, log)
  lifecycle.onStop('page reader', () => reader.close())
  const { SCRAPE_BASE_URL: baseUrl, SCRAPE_STAGES: stages, SCRAPE_SOURCE: site } = config
  const source = createWhoScoredSource({ read: reader.read, baseUrl, stages, now })
  const keep = keepMatch({ database, objects, site })
  const handlers = scrapeHandlers({
    scrapeMatch: (id) => scrapeMatch(id, { readMatch: (match) => source.readMatch(match), ...keep }),
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

export const face = serve('scrape', () => openContext('scrape'), openScrape)
export const { init, handle, liveness, readiness, shutdown, cors } = face

if (import.meta.main) await runAlone(face, import.meta.url)
