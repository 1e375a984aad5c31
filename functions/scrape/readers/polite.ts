import { setTimeout as sleepFor } from 'node:timers/promises'
import { NotNowError } from '../../runtime/errors/errors.ts'
import type { Page, ReadPage } from '../sources/whoscored/source.ts'
import { isLoopback, requirePermission } from './permission.ts'
import { type ObeyRobots, obeyRobots } from './robots.ts'

export interface Clock {
  /** Never jumps: a pause must not become hours because somebody set the clock of the machine. */
  nowMs(): number
  sleep(waitMs: number): Promise<void>
  /** In [0, 1). */
  random(): number
}

/** Adds 1 to the number under a key that lives for `ttlMs` from the first, and tells the sum. */
export type CountPage = (key: string, ttlMs: number) => Promise<number>

interface Options {
  readonly read: ReadPage
  /** Why a page is a refusal, or null. */
  readonly detectBlock: (body: string, status: number, finalUrl: string) => string | null
  /** The host that the operator may read. */
  readonly permission: string | undefined
  /** The name that robots.txt knows us by. */
  readonly agent: string
  /** From the end of one page to the start of the next; a hundredth to a third more is added at random. */
  readonly gapMs: number
  /** The same for this machine, which asks for no politeness. */
  readonly loopbackGapMs?: number
  readonly dailyPages: number
  /** Counts pages for all replicas and over restarts; absent or throwing: only this process's own are counted. */
  readonly count?: CountPage
  /** Longest time that a caller stands in the queue. */
  readonly maxWaitMs: number
  readonly clock?: Clock
}

interface Host {
  readonly origin: string
  readonly gapMs: number
  readonly obey: ObeyRobots
  tail: Promise<unknown>
  waiting: number
  lastEndMs: number
  day: number
  pagesToday: number
  closedUntilMs: number
  closeForMs: number
}

const leastGapMs = 5_000
const firstCloseMs = 15 * 60_000
const longestCloseMs = 60 * 60_000
const dayMs = 86_400_000
const realClock: Clock = {
  nowMs: () => performance.timeOrigin + performance.now(),
  sleep: (waitMs) => sleepFor(waitMs),
  random: () => Math.random(),
}

/**
 * One page at a time and host, with a pause between, within a daily budget, as robots.txt allows, and none at all for a
 * while after the first refusal: whoever knocks on is blocked for longer.
 */
export function createPoliteReader(options: Options): ReadPage {
  const clock = options.clock ?? realClock
  const hosts = new Map<string, Host>()

  async function readInTurn(url: string, host: Host, arrivedMs: number): Promise<Page> {
    requireOpen(host, clock.nowMs())
    if (clock.nowMs() - arrivedMs > options.maxWaitMs) throw busy(host, options.maxWaitMs)
    await host.obey(url, (robotsUrl) => visit(robotsUrl, host, options.read))
    await spendBudget(host, options, clock.nowMs())
    return visit(url, host, options.read)
  }

  async function visit(url: string, host: Host, read: ReadPage): Promise<Page> {
    const jitter = 0.01 + clock.random() * 0.32
    const waitMs = host.lastEndMs + host.gapMs * (1 + jitter) - clock.nowMs()
    if (waitMs > 0) await clock.sleep(waitMs)
    const page = await read(url).finally(() => {
      host.lastEndMs = clock.nowMs()
    })
    const why = options.detectBlock(page.body, page.status, page.finalUrl)
    if (why) throw closeHost(host, why, page.retryAfterMs ?? 0, clock.nowMs())
    host.closeForMs = firstCloseMs
    return page
  }

  return async (url) => {
    requirePermission(url, options.permission)
    const host = hostOf(url, hosts, options)
    requireOpen(host, clock.nowMs())
    if (host.waiting * host.gapMs > options.maxWaitMs) throw busy(host, options.maxWaitMs)
    const arrivedMs = clock.nowMs()
    host.waiting += 1
    const turn = host.tail.then(() => readInTurn(url, host, arrivedMs)).finally(() => (host.waiting -= 1))
    // The next in the queue waits for this one, however it ends.
    host.tail = turn.catch(() => undefined)
    return turn
  }
}

function hostOf(url: string, hosts: Map<string, Host>, options: Options): Host {
  const { origin } = new URL(url)
  const known = hosts.get(origin)
  if (known) return known
  const gapMs = isLoopback(url) ? (options.loopbackGapMs ?? 0) : Math.max(options.gapMs, leastGapMs)
  const nowMs = () => (options.clock ?? realClock).nowMs()
  const host: Host = {
    origin,
    gapMs,
    obey: obeyRobots({ origin, agent: options.agent, nowMs }),
    tail: Promise.resolve(),
    waiting: 0,
    lastEndMs: Number.NEGATIVE_INFINITY,
    day: 0,
    pagesToday: 0,
    closedUntilMs: 0,
    closeForMs: firstCloseMs,
  }
  hosts.set(origin, host)
  return host
}

function requireOpen(host: Host, nowMs: number): void {
  if (nowMs >= host.closedUntilMs) return
  throw new NotNowError('source_blocked', `${host.origin} refused us; it is left alone for a while.`, {
    retryAfterMs: host.closedUntilMs - nowMs,
  })
}

function closeHost(host: Host, why: string, askedMs: number, nowMs: number): NotNowError {
  const closeMs = Math.max(host.closeForMs, askedMs)
  host.closedUntilMs = nowMs + closeMs
  host.closeForMs = Math.min(host.closeForMs * 2, longestCloseMs)
  return new NotNowError('source_blocked', `${host.origin} refuses us: ${why}.`, { retryAfterMs: closeMs })
}

async function spendBudget(host: Host, { dailyPages, count }: Options, nowMs: number): Promise<void> {
  const day = Math.floor(nowMs / dayMs)
  if (host.day !== day) {
    host.day = day
    host.pagesToday = 0
  }
  if (host.pagesToday < dailyPages) {
    const counted = await count?.(`pages:${host.origin}:${day}`, dayMs).catch(() => 0)
    // Whichever is larger: a cache that comes back empty must not give the budget anew.
    host.pagesToday = Math.max(host.pagesToday + 1, counted ?? 0)
    if (host.pagesToday <= dailyPages) return
  }
  throw new NotNowError('page_budget_spent', `${host.origin}: the ${dailyPages} pages of today are read.`, {
    retryAfterMs: (day + 1) * dayMs - nowMs,
  })
}

function busy(host: Host, maxWaitMs: number): NotNowError {
  return new NotNowError('source_busy', `${host.origin}: the queue is longer than ${maxWaitMs} ms.`, {
    retryAfterMs: maxWaitMs,
  })
}
