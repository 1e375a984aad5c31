import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Builder, type WebDriver } from 'selenium-webdriver'
import chrome from 'selenium-webdriver/chrome.js'

const browserPath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium'
const driverPath = process.env['CHROMEDRIVER_PATH'] ?? '/usr/bin/chromedriver'

export interface Chromium {
  readonly driver: WebDriver
  readonly quit: () => Promise<void>
}

/** Why no browser can be started here, if so. */
export function missingBrowser(): string | undefined {
  const absent = [browserPath, driverPath].filter((path) => !existsSync(path))
  return absent.length > 0 ? `${absent.join(' and ')} absent` : undefined
}

export async function startChromium(): Promise<Chromium> {
  const profile = await mkdtemp(join(tmpdir(), 'page-test-'))
  const options = new chrome.Options()
  options.setBinaryPath(browserPath)
  options.addArguments(
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--user-data-dir=${profile}`,
    '--window-size=1280,1000',
  )
  const driver = await new Builder()
    .forBrowser('chrome')
    .setChromeOptions(options)
    .setChromeService(new chrome.ServiceBuilder(driverPath))
    .build()
  const quit = async () => {
    await driver.quit()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  return { driver, quit }
}
