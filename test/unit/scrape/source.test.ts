import { expect } from 'chai'
import { NotNowError, RefusedError } from '../../../functions/runtime/errors/errors.ts'
import { createWhoScoredSource, type Page } from '../../../functions/scrape/sources/whoscored/source.ts'
import { readFixture } from '../../fixtures/whoscored/read-fixture.ts'

const baseUrl = 'http://site.test'
const beforeKickoff = new Date('2026-08-15T10:00:00Z')

function createSource(pages: Record<string, Partial<Page>>, now = beforeKickoff) {
  const asked: string[] = []
  const source = createWhoScoredSource({
    baseUrl,
    stages: [901],
    now: () => now,
    read: (url) => {
      const path = url.slice(baseUrl.length)
      asked.push(path)
      return Promise.resolve({ status: pages[path] ? 200 : 404, finalUrl: url, body: '', ...pages[path] })
    },
  })
  return { source, asked }
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

const matchPath = '/matches/7000001/live'
const previewPath = '/matches/7000001/preview'
const feedPath = '/tournaments/901/data/?d=202608'

describe('WhoScored source', () => {
  let match = ''
  let preview = ''
  before(async () => {
    match = await readFixture('match-before-kickoff.html')
    preview = await readFixture('preview.html')
  })

  it('reads a match and its preview', async () => {
    const { source, asked } = createSource({ [matchPath]: { body: match }, [previewPath]: { body: preview } })
    const reading = await source.readMatch(7_000_001)
    expect(asked).to.deep.equal([matchPath, previewPath])
    expect(reading.match.home.name).to.equal("King's Ebb")
    expect(reading.missingPlayers?.home.map(({ playerId }) => playerId)).to.deep.equal([61, 62])
    expect(reading.predictedLineups?.away.formation).to.equal('3-5-2')
    expect(reading.readAt).to.deep.equal(beforeKickoff)
  })

  it('does not ask for a preview after kick-off, nor where the page says there is none', async () => {
    const late = createSource({ [matchPath]: { body: match } }, new Date('2026-08-15T14:00:00Z'))
    expect((await late.source.readMatch(7_000_001)).missingPlayers).to.equal(null)
    expect(late.asked).to.deep.equal([matchPath])
    const body = match.replace(
      'href="/Matches/7000001/Preview/kings-ebb" class=""',
      'href="#" class="inactive"',
    )
    const without = createSource({ [matchPath]: { body } })
    expect((await without.source.readMatch(7_000_001)).missingPlayers).to.equal(null)
    expect(without.asked).to.deep.equal([matchPath])
  })

  it('goes on without a preview that is announced but absent', async () => {
    const { source } = createSource({ [matchPath]: { body: match } })
    expect((await source.readMatch(7_000_001)).missingPlayers).to.equal(null)
  })

  it('refuses a match that the site does not have', async () => {
    const redirected = {
      finalUrl: `${baseUrl}/404.html?aspxerrorpath=/matches/7000001/live`,
      body: '<p></p>',
    }
    for (const pages of [
      {},
      { [matchPath]: redirected },
      { [matchPath]: { body: await readFixture('not-found.html') } },
    ]) {
      const failure = await failureOf(createSource(pages).source.readMatch(7_000_001))
      expect(failure).to.be.instanceOf(RefusedError)
      expect(failure).to.deep.include({ code: 'unknown_match', status: 404 })
    }
  })

  it('waits long after a block, on the match page or on the preview', async () => {
    const challenge = {
      body: await readFixture('blocked-challenge.html'),
      status: 403,
      retryAfterMs: 3_600_000,
    }
    const onMatch = await failureOf(createSource({ [matchPath]: challenge }).source.readMatch(7_000_001))
    expect(onMatch).to.be.instanceOf(NotNowError)
    expect(onMatch).to.deep.include({ code: 'source_blocked', retryAfterMs: 3_600_000 })
    const pages = {
      [matchPath]: { body: match },
      [previewPath]: { body: await readFixture('blocked-hard.html') },
    }
    const onPreview = await failureOf(createSource(pages).source.readMatch(7_000_001))
    expect(onPreview).to.deep.include({ code: 'source_blocked', retryAfterMs: 900_000 })
  })

  it('asks for another try where the page is not ready or the server failed', async () => {
    const half = await failureOf(
      createSource({ [matchPath]: { body: '<html><head>' } }).source.readMatch(7_000_001),
    )
    expect(half).to.be.instanceOf(NotNowError)
    expect(half.code).to.equal('source_not_ready')
    const failed = await failureOf(createSource({ [matchPath]: { status: 502 } }).source.readMatch(7_000_001))
    expect(failed).to.be.instanceOf(NotNowError)
    expect(failed.code).to.equal('source_unavailable')
  })

  it('refuses a page that it does not understand', async () => {
    const failure = await failureOf(
      createSource({ [matchPath]: { body: '<body>new</body>' } }).source.readMatch(7_000_001),
    )
    expect(failure).to.be.instanceOf(RefusedError)
    expect(failure).to.deep.include({ code: 'page_not_understood', status: 422 })
  })

  it('reads fixtures month by month and keeps those of the range', async () => {
    const { source, asked } = createSource({
      [feedPath]: { body: await readFixture('feed.json') },
      '/tournaments/901/data/?d=202609': { body: '{"tournaments":[]}' },
    })
    const from = new Date('2026-08-15T14:00:00Z')
    const fixtures = await source.readFixtures(from, new Date('2026-09-02T00:00:00Z'))
    expect(asked).to.deep.equal([feedPath, '/tournaments/901/data/?d=202609'])
    expect(fixtures.map(({ matchId }) => matchId)).to.deep.equal([7_000_001, 7_000_005])
    const day = await source.readFixtures(from, new Date('2026-08-15T23:59:59Z'))
    expect(day.map(({ matchId }) => matchId)).to.deep.equal([7_000_001])
  })

  it('takes a closed feed as a block and an absent stage as a refusal', async () => {
    const range = [new Date('2026-08-15T00:00:00Z'), new Date('2026-08-16T00:00:00Z')] as const
    const gate = createSource({ [feedPath]: { body: await readFixture('feed-gate.html') } })
    expect((await failureOf(gate.source.readFixtures(...range))).code).to.equal('source_blocked')
    expect((await failureOf(createSource({}).source.readFixtures(...range))).code).to.equal('unknown_stage')
  })
})
