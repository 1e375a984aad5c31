import { Builder, type WebDriver } from 'selenium-webdriver'
import { Options } from 'selenium-webdriver/chrome.js'
import { asError, NotNowError } from '../../runtime/errors/errors.ts'
import { withDeadline } from '../../runtime/lifecycle/deadline.ts'
import { probeGrid } from './browser-grid.ts'
import type { BrowserFiles } from './find-browser.ts'
import { startDriver } from './local-browser.ts'

/** Where browsers come from: a grid by its WebDriver address, or the files of this machine. */
export type BrowserPlace = { readonly gridUrl: string } | BrowserFiles

export interface BrowserSession {
  readonly driver: WebDriver
  /** The only host it can reach. */
  readonly hostname: string
  /** Never throws; a browser that does not end in time is killed. */
  close(): Promise<void>
}

interface Needs {
  readonly place: BrowserPlace
  readonly hostname: string
  readonly sessionTimeoutMs: number
  readonly pageTimeoutMs: number
}

const quitTimeoutMs = 5_000
const lateTimeoutMs = 10_000
/** Selenoid ends a session after a minute without a command, which is less than a polite pause may last. */
const gridIdleTime = '5m'

/** Opens a browser that can reach one host and nothing else: no advertisements, trackers or updates. */
export async function openSession(needs: Needs): Promise<BrowserSession> {
  const { place, hostname, pageTimeoutMs } = needs
  const service = 'gridUrl' in place ? await reachGrid(place.gridUrl, needs) : await startLocal(place, needs)
  const quit = async (driver: WebDriver) => {
    await withDeadline(driver.quit(), quitTimeoutMs, () => new Error('the browser does not end')).catch(
      () => undefined,
    )
  }
  const creation = create(service, needs)
  try {
    const driver = await withDeadline(creation, needs.sessionTimeoutMs, () =>
      unavailable('no browser in time'),
    )
    const close = async () => {
      await quit(driver)
      await service.stop()
    }
    await driver.manage().setTimeouts({ pageLoad: pageTimeoutMs, script: pageTimeoutMs })
    return { driver, hostname, close }
  } catch (thrown) {
    // A browser that comes too late is nobody's: it is ended once it is there. A driver that is killed while its browser
    // starts leaves one behind that nobody can find, so this waits a while longer.
    const ended = creation.then(quit, () => undefined)
    await withDeadline(ended, lateTimeoutMs, () => unavailable('no browser at all')).catch(() => undefined)
    await service.stop()
    throw thrown instanceof NotNowError ? thrown : unavailable(asError(thrown).message, thrown)
  }
}

interface Service {
  readonly url: string
  readonly options: Options
  readonly isSelenoid: boolean
  readonly stop: () => Promise<void>
}

async function reachGrid(gridUrl: string, { hostname, sessionTimeoutMs }: Needs): Promise<Service> {
  const { kind, ready } = await probeGrid(gridUrl, sessionTimeoutMs)
  if (!ready) throw new NotNowError('browser_grid_full', 'Every browser of the grid is in use.')
  // The images of grids run the browser in a container of its own, where its inner sandbox cannot start.
  const options = chromeOptions(hostname, '--no-sandbox')
  return { url: gridUrl, options, isSelenoid: kind === 'selenoid', stop: () => Promise.resolve() }
}

async function startLocal(files: BrowserFiles, { hostname }: Needs): Promise<Service> {
  const { url, profile, stop } = await startDriver(files.driver).catch((thrown: unknown) => {
    throw unavailable('the driver does not start', thrown)
  })
  // For root the sandbox does not start at all.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const options = chromeOptions(hostname, `--user-data-dir=${profile}`, ...sandbox)
  options.setChromeBinaryPath(files.browser)
  return { url, options, isSelenoid: false, stop }
}

function chromeOptions(hostname: string, ...more: string[]): Options {
  const options = new Options()
  options.setPageLoadStrategy('eager')
  options.addArguments(
    '--headless=new',
    '--disable-gpu',
    '--disable-quic',
    '--disable-dev-shm-usage',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--blink-settings=imagesEnabled=false',
    `--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE ${hostname}`,
    ...more,
  )
  return options
}

/** With a server's address the client never looks for drivers of its own, and so never downloads one. */
async function create({ url, options, isSelenoid }: Service, { hostname }: Needs): Promise<WebDriver> {
  if (isSelenoid)
    options.set('selenoid:options', { name: `scrape ${hostname}`, sessionTimeout: gridIdleTime })
  return new Builder()
    .disableEnvironmentOverrides()
    .usingServer(url)
    .forBrowser('chrome')
    .setChromeOptions(options)
    .build()
}

function unavailable(detail: string, cause?: unknown): NotNowError {
  return new NotNowError('browser_unavailable', `No browser can be had: ${detail}.`, { cause })
}
