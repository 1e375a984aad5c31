import type { Environment } from '../../functions/runtime/config/read-config.ts'
import type { Lifecycle } from '../../functions/runtime/lifecycle/lifecycle.ts'
import { demonstrationStages, startDemonstrationSite } from '../demonstration/site.ts'

export interface Site {
  readonly url: string
  /** What scrape must be told of it. */
  readonly variables: Environment
}

/** The site that was configured, or else the bundled demonstration. */
export async function openSite(
  baseUrl: string | undefined,
  port: number,
  lifecycle: Lifecycle,
): Promise<Site> {
  if (baseUrl !== undefined) return { url: baseUrl, variables: {} }
  const site = await startDemonstrationSite({ port, now: () => new Date() })
  lifecycle.onStop('demonstration site', () => site.close())
  const variables = {
    SCRAPE_BASE_URL: site.url,
    SCRAPE_SOURCE: 'demonstration',
    SCRAPE_STAGES: demonstrationStages.join(','),
  }
  return { url: site.url, variables }
}
