import { access, constants } from 'node:fs/promises'

export interface BrowserFiles {
  readonly browser: string
  readonly driver: string
}

const browsers = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const drivers = [
  '/usr/bin/chromedriver',
  '/usr/lib/chromium/chromedriver',
  '/usr/lib/chromium-browser/chromedriver',
  '/usr/local/bin/chromedriver',
  '/opt/homebrew/bin/chromedriver',
]

/** A browser of this machine with its driver, or null. Given paths count alone: nothing else is tried instead. */
export async function findBrowser(given: Partial<BrowserFiles> = {}): Promise<BrowserFiles | null> {
  const browser = await firstExecutable(given.browser === undefined ? browsers : [given.browser])
  const driver = await firstExecutable(given.driver === undefined ? drivers : [given.driver])
  return browser !== null && driver !== null ? { browser, driver } : null
}

async function firstExecutable(paths: readonly string[]): Promise<string | null> {
  for (const path of paths) {
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (executable) return path
  }
  return null
}
