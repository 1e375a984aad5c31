import { z } from 'zod'
import { durationMs, sharedVariables } from '../runtime/config/variables.ts'

/** Variables of the scrape function. */
export const scrapeVariables = z.object({
  ...sharedVariables,
  /** Address of the site. Anything but this machine also needs SCRAPE_PERMISSION. */
  SCRAPE_BASE_URL: z.url(),
  /** What rows of this site are marked with. */
  SCRAPE_SOURCE: z.enum(['whoscored', 'demonstration']).default('whoscored'),
  /** Stages whose fixtures are read, by the site's numbers: `1,2,3`. */
  SCRAPE_STAGES: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'must be numbers with commas between them')
    .transform((text) => text.split(',').map(Number))
    .default([]),
  /** The host for which the operator says that he has the site's permission. */
  SCRAPE_PERMISSION: z.string().optional(),
  /** How pages are read: with a browser, by plain HTTP, or with a browser where one is installed. */
  SCRAPE_READER: z.enum(['auto', 'browser', 'http']).default('auto'),
  /** A remote browser grid, such as http://selenoid:4444/wd/hub; absent: a browser of this machine. */
  BROWSER_URL: z.url().optional(),
  /** At least this long between two pages of one host; never below 5 s for a host that is not this machine. */
  SCRAPE_GAP_MS: durationMs.default(10_000),
  SCRAPE_DAILY_PAGES: z.coerce.number().int().min(1).max(100_000).default(500),
  SCRAPE_PAGE_TIMEOUT_MS: durationMs.default(20_000),
})

export type ScrapeConfig = z.infer<typeof scrapeVariables>
