import { type BrowserFiles, findBrowser } from '../../functions/scrape/readers/find-browser.ts'

/** The real browser of this machine; a run without one fails, it does not pass over what it should prove. */
export async function requireBrowser(): Promise<BrowserFiles> {
  const files = await findBrowser()
  if (files) return files
  throw new Error(
    'These tests need Chromium and chromedriver; npm test installs them (Debian: chromium, chromium-driver).',
  )
}
