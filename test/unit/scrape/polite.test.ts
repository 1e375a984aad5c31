import { expect } from 'chai'
import { NotNowError, RefusedError } from '../../../functions/runtime/errors/errors.ts'
import { type CountPage, createPoliteReader } from '../../../functions/scrape/readers/polite.ts'
import type { Page } from '../../../functions/scrape/sources/whoscored/source.ts'

const site = 'https://www.site.test'
const minuteMs = 60_000

interface Visit {
  readonly path: string
  readonly atMs: number
}

type Answer = Partial<Page> | Error

/** A site on a clock that only moves when somebody sleeps or a page takes its time. */
function setUp(
  options: {
    answers?: Record<string, Answer>
    dailyPages?: number
    maxWaitMs?: number
    pageMs?: number
    count?: CountPage
  } = {},
) {
  let nowMs = Date.UTC(2026, 7, 15, 12)
  const startMs = nowMs
  const visits: Visit[] = []
  const answers: Record<string, Answer> = { ...options.answers }
  let inside = 0
  const read = createPoliteReader({
    read: async (url) => {
      const path = url.replace(site, '')
      visits.push({ path, atMs: nowMs - startMs })
      inside += 1
      expect(inside, 'pages at a time').to.equal(1)
      await Promise.resolve()
      nowMs += options.pageMs ?? 0
      inside -= 1
      const answer = answers[path] ?? (path === '/robots.txt' ? { status: 404 } : {})
      if (answer instanceof Error) throw answer
      return { status: 200, finalUrl: url, body: '', ...answer }
    },
    detectBlock: (body) => (body === 'blocked' ? 'blocked' : null),
    permission: 'www.site.test',
    agent: 'soccer-function-bundle',
    gapMs: 10_000,
    dailyPages: options.dailyPages ?? 100,
    maxWaitMs: options.maxWaitMs ?? 120_000,
    ...(options.count ? { count: options.count } : {}),
    clock: {
      nowMs: () => nowMs,
      sleep: (waitMs) => {
        nowMs += waitMs
        return Promise.resolve()
      },
      random: () => 0.5,
    },
  })
  return { read, visits, answers, pass: (ms: number) => (nowMs += ms) }
}

async function failureOf(work: Promise<unknown>): Promise<NotNowError | RefusedError> {
  try {
    await work
  } catch (thrown) {
    if (thrown instanceof NotNowError || thrown instanceof RefusedError) return thrown
    throw thrown
  }
  throw new Error('did not fail')
}

describe('polite reading', () => {
  it('reads one page at a time, with the gap and its jitter after each', async () => {
    const { read, visits } = setUp({ pageMs: 1_000 })
    await Promise.all([read(`${site}/a`), read(`${site}/b`)])
    // The gap of 10 s and 17 % more, counted from the end of the page before.
    expect(visits).to.deep.equal([
      { path: '/robots.txt', atMs: 0 },
      { path: '/a', atMs: 12_700 },
      { path: '/b', atMs: 25_400 },
    ])
  })

  it('never goes below five seconds, and leaves this machine without a gap', async () => {
    const visits: string[] = []
    const slept: number[] = []
    const read = createPoliteReader({
      read: (url) => {
        visits.push(url)
        return Promise.resolve({ status: url.endsWith('robots.txt') ? 404 : 200, finalUrl: url, body: '' })
      },
      detectBlock: () => null,
      permission: 'www.site.test',
      agent: 'x',
      gapMs: 1,
      dailyPages: 10,
      maxWaitMs: 60_000,
      clock: { nowMs: () => 0, sleep: (ms) => Promise.resolve(void slept.push(ms)), random: () => 0 },
    })
    await read('http://127.0.0.1:8090/a')
    await read('http://127.0.0.1:8090/b')
    expect(slept).to.deep.equal([])
    await read(`${site}/a`)
    expect(slept).to.deep.equal([5_050])
  })

  it('asks nothing of a host without permission', async () => {
    const { read, visits } = setUp()
    expect((await failureOf(read('https://other.test/a'))).code).to.equal('source_forbidden')
    expect(visits).to.deep.equal([])
  })

  it('obeys robots.txt, which it keeps for a day', async () => {
    const body = 'User-agent: *\nDisallow: /closed/\n\nUser-agent: soccer-function-bundle\nDisallow: /ours/\n'
    const { read, visits, pass } = setUp({ answers: { '/robots.txt': { body } } })
    await read(`${site}/open`)
    const failure = await failureOf(read(`${site}/ours/page`))
    expect([failure.code, failure instanceof RefusedError]).to.deep.equal(['robots_forbid', true])
    await read(`${site}/open`)
    pass(24 * 60 * minuteMs)
    await read(`${site}/open`)
    expect(visits.map(({ path }) => path)).to.deep.equal([
      '/robots.txt',
      '/open',
      '/open',
      '/robots.txt',
      '/open',
    ])
  })

  it('reads nothing while robots.txt cannot be read', async () => {
    for (const answer of [
      { status: 503 },
      { status: 500 },
      { body: '<html>' },
      new NotNowError('source_slow', 'x'),
    ]) {
      const { read, visits } = setUp({ answers: { '/robots.txt': answer } })
      expect(await failureOf(read(`${site}/a`))).to.be.instanceOf(NotNowError)
      expect(visits.map(({ path }) => path)).to.deep.equal(['/robots.txt'])
    }
  })

  it('spends no more than the budget of the day', async () => {
    const { read, visits, pass } = setUp({ dailyPages: 2 })
    await read(`${site}/a`)
    await read(`${site}/b`)
    const failure = await failureOf(read(`${site}/c`))
    if (!(failure instanceof NotNowError)) throw failure
    expect(failure.code).to.equal('page_budget_spent')
    // Noon has passed by three gaps of 11.7 s less one.
    expect(failure.retryAfterMs).to.equal(12 * 60 * minuteMs - 2 * 11_700)
    pass(12 * 60 * minuteMs)
    await read(`${site}/c`)
    expect(visits.at(-1)?.path).to.equal('/c')
  })

  it('shares the budget with other processes, by the site and the day', async () => {
    const counts = new Map<string, number>()
    const lives: number[] = []
    const count: CountPage = (key, ttlMs) => {
      counts.set(key, (counts.get(key) ?? 0) + 1)
      lives.push(ttlMs)
      return Promise.resolve(counts.get(key) ?? 0)
    }
    const one = setUp({ dailyPages: 2, count })
    await one.read(`${site}/a`)
    await setUp({ dailyPages: 2, count }).read(`${site}/b`)
    const restarted = setUp({ dailyPages: 2, count })
    for (const { read } of [one, restarted, restarted])
      expect((await failureOf(read(`${site}/c`))).code).to.equal('page_budget_spent')
    // 15 August 2026 is day 20680; who has been told that the budget is spent does not ask again.
    expect([...counts]).to.deep.equal([['pages:https://www.site.test:20680', 4]])
    expect(new Set(lives)).to.deep.equal(new Set([24 * 60 * minuteMs]))
  })

  it('spends no more than the budget in one process while nobody counts for all', async () => {
    const { read } = setUp({
      dailyPages: 2,
      count: () => Promise.reject(new NotNowError('cache_unavailable', 'away')),
    })
    await read(`${site}/a`)
    await read(`${site}/b`)
    expect((await failureOf(read(`${site}/c`))).code).to.equal('page_budget_spent')
  })

  it('stops at the first block, for longer each time, and starts anew after a good page', async () => {
    const { read, visits, answers, pass } = setUp()
    answers['/a'] = { body: 'blocked' }
    const closedFor = async () => {
      const failure = await failureOf(read(`${site}/a`))
      expect(failure.code).to.equal('source_blocked')
      return (failure as NotNowError).retryAfterMs / minuteMs
    }
    expect(await closedFor()).to.equal(15)
    const seen = visits.length
    pass(5 * minuteMs)
    expect(await closedFor()).to.equal(10)
    expect(visits.length, 'pages while closed').to.equal(seen)
    pass(10 * minuteMs)
    expect(await closedFor()).to.equal(30)
    pass(30 * minuteMs)
    expect(await closedFor()).to.equal(60)
    pass(60 * minuteMs)
    expect(await closedFor()).to.equal(60)
    pass(60 * minuteMs)
    await read(`${site}/b`)
    expect(await closedFor()).to.equal(15)
  })

  it('refuses those who queue behind a block without another visit', async () => {
    const { read, visits, answers } = setUp()
    answers['/a'] = { body: 'blocked' }
    const failures = await Promise.all([failureOf(read(`${site}/a`)), failureOf(read(`${site}/b`))])
    expect(failures.map(({ code }) => code)).to.deep.equal(['source_blocked', 'source_blocked'])
    expect(visits.map(({ path }) => path)).to.deep.equal(['/robots.txt', '/a'])
  })

  it('stays closed for as long as the site asks', async () => {
    const { read } = setUp({ answers: { '/a': { body: 'blocked', retryAfterMs: 120 * minuteMs } } })
    const failure = await failureOf(read(`${site}/a`))
    expect((failure as NotNowError).retryAfterMs).to.equal(120 * minuteMs)
  })

  it('lets nobody wait in the queue for too long', async () => {
    const { read } = setUp({ maxWaitMs: 15_000 })
    const codes = await Promise.all(
      ['/a', '/b', '/c'].map((path) =>
        read(`${site}${path}`).then(
          () => 'read',
          (thrown: unknown) => (thrown as NotNowError).code,
        ),
      ),
    )
    // One gap to stand behind the first, two behind both.
    expect(codes).to.deep.equal(['read', 'read', 'source_busy'])
  })

  it('goes on after a page that failed', async () => {
    const { read } = setUp({ answers: { '/a': new NotNowError('source_slow', 'x') } })
    const [failure, page] = await Promise.all([failureOf(read(`${site}/a`)), read(`${site}/b`)])
    expect([failure.code, page.status]).to.deep.equal(['source_slow', 200])
  })
})
