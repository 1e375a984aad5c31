import { error } from 'selenium-webdriver'
import { z } from 'zod'
import { asError, NotNowError, RefusedError } from '../../runtime/errors/errors.ts'
import { withDeadline } from '../../runtime/lifecycle/deadline.ts'
import type { Page, ReadPage } from '../sources/whoscored/source.ts'
import { type BrowserPlace, type BrowserSession, openSession } from './browser-session.ts'
import { sentElsewhere, tooLarge, tooSlow, unreachable } from './read-failures.ts'

interface Options {
  readonly place: BrowserPlace
  readonly pageTimeoutMs: number
  readonly sessionTimeoutMs?: number
  /** A browser that nobody uses for so long is closed. */
  readonly idleMs?: number
  readonly maxBytes?: number
}

export interface BrowserReader {
  readonly read: ReadPage
  /** Ends the browser, whatever it is doing. Reads after it are refused. */
  close(): Promise<void>
}

const defaultSessionTimeoutMs = 30_000
const defaultIdleMs = 60_000
const defaultMaxBytes = 16 * 1_048_576
/** What the driver needs beyond the page's own time to say that the time is over. */
const graceMs = 3_000

/** Reads pages, one at a time, with one browser that is kept for the next page. */
export function createBrowserReader(options: Options): BrowserReader {
  const { pageTimeoutMs, idleMs = defaultIdleMs } = options
  const kept = keepSession(options)
  let idleTimer: NodeJS.Timeout | undefined
  let tail: Promise<unknown> = Promise.resolve()

  async function readOnce(url: string): Promise<Page> {
    const { driver } = await kept.open(new URL(url).hostname)
    const page = visit(driver, url, options)
    try {
      return await withDeadline(page, pageTimeoutMs + graceMs, () => tooSlow(url, pageTimeoutMs))
    } catch (thrown) {
      if (!isFaultOfPage(thrown)) await kept.dispose()
      throw thrown
    }
  }

  async function readWithRetry(url: string): Promise<Page> {
    clearTimeout(idleTimer)
    try {
      // A browser may have died long ago, unseen: once more, with a fresh one.
      return await readOnce(url).catch((thrown: unknown) =>
        isKnown(thrown) ? Promise.reject(thrown) : readOnce(url),
      )
    } catch (thrown) {
      if (isKnown(thrown)) throw thrown
      const detail = `The browser failed: ${asError(thrown).message}`
      throw new NotNowError('browser_unavailable', detail, { cause: thrown })
    } finally {
      idleTimer = setTimeout(() => {
        tail = tail.then(kept.dispose)
      }, idleMs).unref()
    }
  }

  return {
    read: (url) => {
      const turn = tail.then(() => readWithRetry(url))
      tail = turn.catch(() => undefined)
      return turn
    },
    close: async () => {
      await kept.close()
      await tail
      clearTimeout(idleTimer)
    },
  }
}

/** At most one session, opened when it is needed. */
function keepSession({ place, pageTimeoutMs, sessionTimeoutMs = defaultSessionTimeoutMs }: Options) {
  let session: BrowserSession | undefined
  let closed = false

  const dispose = async (): Promise<void> => {
    const old = session
    session = undefined
    await old?.close()
  }
  const open = async (hostname: string): Promise<BrowserSession> => {
    if (session && session.hostname !== hostname) await dispose()
    if (!closed) session ??= await openSession({ place, hostname, sessionTimeoutMs, pageTimeoutMs })
    // The reader may have been closed while the browser started.
    if (closed) await dispose()
    if (!session) throw new NotNowError('browser_unavailable', 'The browser is being shut down.')
    return session
  }
  const close = async (): Promise<void> => {
    closed = true
    await dispose()
  }
  return { open, dispose, close }
}

function isKnown(thrown: unknown): boolean {
  return thrown instanceof NotNowError || thrown instanceof RefusedError
}

/** The page failed by itself, so the browser is fit for the next one. One that is late may hang for good. */
function isFaultOfPage(thrown: unknown): boolean {
  return (
    thrown instanceof RefusedError || (thrown instanceof NotNowError && thrown.code === 'source_unreachable')
  )
}

const factsSchema = z.object({
  status: z.number().nullable(),
  /** The browser's own page about a connection that failed; to the driver it is a page like any other. */
  failed: z.string().nullable(),
  /** The text of a page that is not HTML: a browser wraps it in HTML of its own. */
  plain: z.string().nullable(),
})

const factsScript = `
  const [navigation] = performance.getEntriesByType('navigation')
  const isPlain = /^(application\\/json|text\\/plain)$/.test(document.contentType)
  const isFailure = location.protocol === 'chrome-error:'
  return {
    status: (navigation && navigation.responseStatus) || null,
    failed: isFailure ? document.documentElement.innerText.slice(-500) : null,
    plain: isPlain ? (document.querySelector('pre') ?? document.body).textContent : null,
  }`

async function visit(
  driver: BrowserSession['driver'],
  url: string,
  { pageTimeoutMs, maxBytes = defaultMaxBytes }: Options,
): Promise<Page> {
  const failure = await driver.get(url).then(() => null, asError)
  if (failure instanceof error.TimeoutError) throw tooSlow(url, pageTimeoutMs, failure)
  if (failure !== null && !/net::ERR_/.test(failure.message)) throw failure
  const finalUrl = await driver.getCurrentUrl()
  if (/^https?:/.test(finalUrl) && new URL(finalUrl).host !== new URL(url).host)
    throw sentElsewhere(url, finalUrl)
  if (failure !== null) throw unreachable(url, failure)
  const { status, plain, failed } = factsSchema.parse(await driver.executeScript(factsScript))
  if (failed !== null) throw unreachable(url, new Error(failed))
  const body = plain ?? (await driver.getPageSource())
  if (Buffer.byteLength(body) > maxBytes) throw tooLarge(url, maxBytes)
  return { status: status ?? 200, finalUrl, body }
}
