import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { z } from 'zod'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { createLifecycle, type Lifecycle } from '../../functions/runtime/lifecycle/lifecycle.ts'
import { createLogger } from '../../functions/runtime/logging/logger.ts'
import { createMetrics } from '../../functions/runtime/metrics/metrics.ts'
import type { EventHandler } from '../../functions/runtime/serve/event-handler.ts'
import { openStores } from '../../functions/runtime/stores/open-stores.ts'
import type { Stores } from '../../functions/runtime/stores/stores.ts'
import { openScrape } from '../../functions/scrape/open-scrape.ts'
import { readFixture } from '../fixtures/whoscored/read-fixture.ts'

const log = createLogger({ name: 'test', level: 'silent', format: 'json' })
const page = 'matches-7000001-live'
const matchRow = z.object({ home_name: z.string(), page_read_at: z.date(), lineups: z.coerce.number() })
const fixtureRow = z.object({ home_name: z.string(), listed_at: z.date() })

describe('a replay that scrape is asked', function () {
  this.timeout(60_000)
  let folder: string
  let site: Server
  let visits: string[]
  let lifecycle: Lifecycle
  let stores: Stores
  let handlers: readonly EventHandler[]
  let match: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'soccer-replay-'))
    match = await readFixture('match-finished.html')
    match = match.replaceAll('7000002', '7000001')
    const pages: Record<string, string> = {
      '/matches/7000001/live': match,
      '/tournaments/901/data/?d=202608': await readFixture('feed.json'),
    }
    site = createServer((request, response) => {
      const { url = '' } = request
      visits.push(url)
      response.writeHead(pages[url] === undefined ? 404 : 200).end(pages[url])
    })
    await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve))
    const baseUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
    lifecycle = createLifecycle({ log, graceMs: 1_000 })
    const publish = () => Promise.resolve()
    stores = await openStores({ DATA_DIR: folder, MODEL_DIR: 'models' }, { log, lifecycle, publish })
    const environment = { SCRAPE_BASE_URL: baseUrl, SCRAPE_READER: 'http', SCRAPE_STAGES: '901' }
    const opened = await openScrape({ environment, log, lifecycle, stores, metrics: createMetrics() })
    handlers = opened.handlers
  })
  after(async () => {
    await lifecycle.stop('test')
    site.close()
    await rm(folder, { recursive: true, force: true })
  })
  beforeEach(() => {
    visits = []
  })

  const ask = async (type: string, data: object, given: Partial<Event> = {}): Promise<Event> => {
    const event = {
      specversion: '1.0',
      id: randomUUID(),
      source: '/test',
      type,
      subject: '7000001',
      time: new Date().toISOString(),
      data,
      ...given,
    }
    const reply = await handlers.find((handler) => handler.type === type)?.run(event)
    if (!reply) throw new Error('no reply')
    return reply
  }
  const askMatch = (given: Partial<Event> = {}) =>
    ask('soccer.match.requested.v1', { match_id: 7_000_001 }, given)
  const askFixtures = (given: Partial<Event> = {}) =>
    ask('soccer.fixtures.requested.v1', { from: '2026-08-15', to: '2026-08-16' }, given)
  const readMatch = async () => {
    const text = `select home_name, page_read_at, (select count(*) from lineups where match_id = m.match_id) as lineups
                  from matches m where match_id = 7000001`
    const [row] = await stores.database.query({ name: 'test-match', text, values: [] }, matchRow)
    return row
  }
  const readFixtureRow = async () => {
    const text = 'select home_name, listed_at from matches where match_id = 7000001'
    const [row] = await stores.database.query({ name: 'test-fixture', text, values: [] }, fixtureRow)
    return row
  }
  /** A page of another day, as `archivePages` keeps it. */
  const keep = async (name: string, body: string, readAt: string) => {
    const key = `pages/whoscored/${readAt.slice(0, 10)}/${name}`
    const about = { status: 200, final_url: 'http://site/', read_at: readAt }
    await stores.objects.put(key, Buffer.from(body), { contentType: 'text/html' })
    await stores.objects.put(`${key}.json`, Buffer.from(JSON.stringify(about)), { contentType: 'text/json' })
  }

  it('is answered from the page that was kept, and the site is not visited', async () => {
    const first = await askMatch()
    expect(first.type).to.equal('soccer.match.scraped.v1')
    expect(visits).to.deep.equal(['/robots.txt', '/matches/7000001/live'])
    visits = []
    const again = await askMatch({ replayof: 'one', time: new Date().toISOString() })
    expect(visits).to.deep.equal([])
    expect(again.type).to.equal('soccer.match.scraped.v1')
    // The moment at which the page was read included; a replay is a reply of its own.
    expect(again.data).to.deep.equal(first.data)
    expect(again.id).to.not.equal(first.id)
  })

  it('is refused where no page was kept, and the site is not visited either', async () => {
    for (const given of [{ time: '2025-01-01T12:00:00Z' }, { time: undefined }]) {
      const reply = await askMatch({ replayof: 'one', ...given } as Partial<Event>)
      expect(reply.type).to.equal('soccer.match.failed.v1')
      expect(reply.data).to.include({ code: 'page_not_archived', status: 404 })
    }
    const list = await askFixtures({ replayof: 'one', time: '2025-01-01T12:00:00Z' })
    expect([list.type, list.data]).to.deep.equal([
      'soccer.match.failed.v1',
      {
        code: 'page_not_archived',
        status: 404,
        detail:
          'No page is kept as pages/whoscored/2025-01-01/tournaments-901-data-d-202608, and a replay does not visit the site.',
      },
    ])
    expect(visits).to.deep.equal([])
  })

  it('does not put an old page over newer rows, but answers what the page says', async () => {
    await askMatch()
    const stored = await readMatch()
    expect(stored?.lineups).to.be.above(0)
    await keep(page, match.replaceAll(stored?.home_name ?? '', 'Old Name'), '2025-02-01T12:00:00.000Z')
    const reply = await askMatch({ replayof: 'one', time: '2025-02-01T11:59:00Z' })
    expect(reply.data).to.deep.include({ page_read_at: '2025-02-01T12:00:00.000Z' })
    expect(reply.data).to.have.nested.property('home.name', 'Old Name')
    expect(await readMatch()).to.deep.equal(stored)
    // One that is newer than what is stored is kept.
    await keep(page, match.replaceAll(stored?.home_name ?? '', 'New Name'), '2099-02-01T12:00:00.000Z')
    await askMatch({ replayof: 'one', time: '2099-02-01T11:59:00Z' })
    expect(await readMatch()).to.deep.equal({
      ...stored,
      home_name: 'New Name',
      page_read_at: new Date('2099-02-01T12:00:00.000Z'),
    })
    await stores.database.query(
      { name: 'test-delete', text: 'delete from matches where match_id = 7000001', values: [] },
      z.never(),
    )
  })

  it('does the same for lists of fixtures', async () => {
    const first = await askFixtures()
    expect(first.type).to.equal('soccer.fixtures.scraped.v1')
    expect(visits).to.deep.equal(['/tournaments/901/data/?d=202608'])
    const stored = await readFixtureRow()
    const feed = await readFixture('feed.json')
    await keep(
      'tournaments-901-data-d-202608',
      feed.replaceAll("King's Ebb", 'Old Name'),
      '2025-02-01T12:00:00.000Z',
    )
    visits = []
    const again = await askFixtures({ replayof: 'one', time: new Date().toISOString() })
    expect(again.data).to.deep.equal(first.data)
    const old = await askFixtures({ replayof: 'one', time: '2025-02-01T11:59:00Z' })
    expect(old.data).to.deep.equal({ ...(first.data as object), read_at: '2025-02-01T12:00:00.000Z' })
    expect(visits).to.deep.equal([])
    expect(await readFixtureRow()).to.deep.equal(stored)
  })
})
