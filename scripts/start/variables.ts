import { z } from 'zod'
import { sharedVariables } from '../../functions/runtime/config/variables.ts'
import { scrapeVariables } from '../../functions/scrape/config.ts'

/** Variables of `npm start`: those of the functions, with the defaults of a person's own machine. */
export const startVariables = z.object({
  ...sharedVariables,
  LOG_FORMAT: sharedVariables.LOG_FORMAT.removeDefault().default('pretty'),
  /** A site to read instead of the bundled demonstration. */
  SCRAPE_BASE_URL: scrapeVariables.shape.SCRAPE_BASE_URL.optional(),
})

export type StartConfig = z.infer<typeof startVariables>
