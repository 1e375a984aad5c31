import robotsParser from 'robots-parser'
import { NotNowError, RefusedError } from '../../runtime/errors/errors.ts'
import type { Page, ReadPage } from '../sources/whoscored/source.ts'

interface Robots {
  isAllowed(url: string, agent?: string): boolean | undefined
}

// The package is the function itself; its types promise a module with a default export instead.
const parseRobots = robotsParser as unknown as (url: string, text: string) => Robots

interface Needs {
  readonly origin: string
  readonly agent: string
  readonly nowMs: () => number
}

/** @throws RefusedError where robots.txt closes the page; NotNowError where it cannot be read */
export type ObeyRobots = (url: string, read: ReadPage) => Promise<void>

const keepMs = 24 * 3_600_000

/** Without a readable robots.txt nothing is read: the site may have closed everything. */
export function obeyRobots({ origin, agent, nowMs }: Needs): ObeyRobots {
  const robotsUrl = new URL('/robots.txt', origin).href
  let kept: { readonly robots: Robots; readonly untilMs: number } | undefined

  return async (url, read) => {
    if (!kept || nowMs() >= kept.untilMs) {
      const text = readRules(await read(robotsUrl), robotsUrl)
      kept = { robots: parseRobots(robotsUrl, text), untilMs: nowMs() + keepMs }
    }
    // undefined means "not about this host", which cannot happen here, so only a clear yes counts.
    if (kept.robots.isAllowed(url, agent) !== true)
      throw new RefusedError('robots_forbid', 403, `robots.txt closes ${url} to programs.`)
  }
}

function readRules({ status, body }: Page, url: string): string {
  if (status === 404 || status === 410) return ''
  // A page of HTML with status 200 holds no rules, which would read as "all is open".
  if (status === 200 && !body.trimStart().startsWith('<')) return body
  throw new NotNowError('robots_unreadable', `${url} cannot be read (status ${status}).`, {
    retryAfterMs: 10 * 60_000,
  })
}
