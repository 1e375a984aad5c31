import type { Log } from '../runtime/logging/logger.ts'
import type { ScrapeConfig } from './config.ts'
import { createBrowserReader } from './readers/browser-reader.ts'
import { findBrowser } from './readers/find-browser.ts'
import { createHttpReader } from './readers/http-reader.ts'
import { type CountPage, createPoliteReader } from './readers/polite.ts'
import { readOrElse } from './readers/read-or-else.ts'
import { detectBlock } from './sources/whoscored/detect-block.ts'
import type { ReadPage } from './sources/whoscored/source.ts'

/** How robots.txt and the logs of a site know us. */
const agent = 'soccer-function-bundle'

/** Whoever would stand in the queue for longer is told to come back: the broker's own patience ends, too. */
const maxWaitMs = 20_000

export interface Reader {
  readonly read: ReadPage
  readonly kind: 'grid' | 'browser' | 'http'
  close(): Promise<void>
}

/** The way pages are read: a grid, a browser of this machine, or plain HTTP; always politely. */
export async function openReader(config: ScrapeConfig, log: Log, count?: CountPage): Promise<Reader> {
  const readPlainly = createHttpReader({ timeoutMs: config.SCRAPE_PAGE_TIMEOUT_MS, userAgent: agent })
  const polite = (read: ReadPage) =>
    createPoliteReader({
      read,
      detectBlock,
      permission: config.SCRAPE_PERMISSION,
      agent,
      gapMs: config.SCRAPE_GAP_MS,
      dailyPages: config.SCRAPE_DAILY_PAGES,
      maxWaitMs,
      ...(count ? { count } : {}),
    })
  const place = await browserPlace(config)
  if (!place) {
    log.info('pages are read by plain HTTP')
    return { read: polite(readPlainly), kind: 'http', close: () => Promise.resolve() }
  }
  const browser = createBrowserReader({ place, pageTimeoutMs: config.SCRAPE_PAGE_TIMEOUT_MS })
  const kind = 'gridUrl' in place ? 'grid' : 'browser'
  log.info({ kind }, 'pages are read with a browser')
  // A grid was named by the operator: where it is away, the site must not be read in another way.
  const mayFallBack = kind === 'browser' && config.SCRAPE_READER === 'auto'
  const read = mayFallBack ? readOrElse(browser.read, readPlainly, log) : browser.read
  return { read: polite(read), kind, close: () => browser.close() }
}

async function browserPlace({ SCRAPE_READER, BROWSER_URL }: ScrapeConfig) {
  if (SCRAPE_READER === 'http') return null
  if (BROWSER_URL !== undefined) return { gridUrl: BROWSER_URL }
  const files = await findBrowser()
  if (!files && SCRAPE_READER === 'browser') {
    throw new Error(
      'SCRAPE_READER is browser, but no Chromium with its chromedriver was found, and BROWSER_URL is not set.',
    )
  }
  return files
}
