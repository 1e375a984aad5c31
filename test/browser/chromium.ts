import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Builder, type WebDriver } from 'selenium-webdriver'
import chrome from 'selenium-webdriver/chrome.js'
import { requireBrowser } from '../support/require-browser.ts'

export interface Chromium {
  readonly driver: WebDriver
  readonly quit: () => Promise<void>
}

export async function startChromium(): Promise<Chromium> {
  const files = await requireBrowser()
  const profile = await mkdtemp(join(tmpdir(), 'page-test-'))
  const options = new chrome.Options()
  options.setBinaryPath(files.browser)
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
    .setChromeService(new chrome.ServiceBuilder(files.driver))
    .build()
  const quit = async () => {
    await driver.quit()
    await rm(profile, { recursive: true, force: true, maxRetries: 5 })
  }
  return { driver, quit }
}
