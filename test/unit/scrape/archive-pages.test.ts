import { expect } from 'chai'
import { NotNowError, RefusedError } from '../../../functions/runtime/errors/errors.ts'
import { createLogger } from '../../../functions/runtime/logging/logger.ts'
import { archivePages } from '../../../functions/scrape/archive-pages.ts'
import { readArchived, replayedFrom } from '../../../functions/scrape/read-archived.ts'
import type { ReadPage } from '../../../functions/scrape/sources/whoscored/source.ts'
import { rejectionOf } from '../../support/rejection.ts'

const log = createLogger({ name: 'test', level: 'silent', format: 'json' })
const page = (url: string) => Promise.resolve({ status: 200, finalUrl: url, body: `<p>${url}</p>` })
const now = () => new Date('2026-11-23T23:59:00Z')

/** An object store in memory. */
function createStore() {
  const kept = new Map<string, Buffer>()
  const put = (key: string, bytes: Uint8Array) => Promise.resolve(void kept.set(key, Buffer.from(bytes)))
  const get = (key: string) => {
    const bytes = kept.get(key)
    return Promise.resolve(bytes && { bytes, contentType: '' })
  }
  return { kept, put, get, text: (key: string) => kept.get(key)?.toString() }
}

const keep = (store: ReturnType<typeof createStore>, read: ReadPage = page) =>
  archivePages(read, { objects: store, site: 'demonstration', log, now })

describe('the archive of pages', () => {
  it('keeps each page as it came, one a page and day, and what its body does not tell', async () => {
    const store = createStore()
    const { read } = keep(store)
    expect((await read('http://x/Matches/7/Live')).body).to.equal('<p>http://x/Matches/7/Live</p>')
    await read('http://x/tournaments/9/data/?d=202611')
    await read('http://x/')
    const day = 'pages/demonstration/2026-11-23'
    expect([...store.kept.keys()]).to.deep.equal([
      `${day}/matches-7-live`,
      `${day}/matches-7-live.json`,
      `${day}/tournaments-9-data-d-202611`,
      `${day}/tournaments-9-data-d-202611.json`,
      `${day}/home`,
      `${day}/home.json`,
    ])
    expect(store.text(`${day}/matches-7-live`)).to.equal('<p>http://x/Matches/7/Live</p>')
    expect(JSON.parse(store.text(`${day}/matches-7-live.json`) ?? '')).to.deep.equal({
      url: 'http://x/Matches/7/Live',
      status: 200,
      final_url: 'http://x/Matches/7/Live',
      read_at: '2026-11-23T23:59:00.000Z',
    })
  })

  it('uses a page that cannot be kept, rather than visit the site again', async () => {
    const put = () => Promise.reject(new NotNowError('objects_unavailable', 'away'))
    const { read } = archivePages(page, { objects: { put }, site: 'demonstration', log, now })
    expect((await read('http://x/')).status).to.equal(200)
  })
})

describe('reading the archive of pages', () => {
  const url = 'http://x/matches/7/live'
  const reading = (store: ReturnType<typeof createStore>, sentAt: string) =>
    readArchived({ objects: store, site: 'demonstration' }, new Date(sentAt))

  it('gives back page, status and address as they were, and when that was', async () => {
    const store = createStore()
    const gone = { status: 404, finalUrl: 'http://x/404.html', body: 'none' }
    await keep(store, () => Promise.resolve(gone)).read(url)
    const archive = reading(store, '2026-11-23T08:00:00Z')
    expect(await archive.read(url)).to.deep.equal(gone)
    expect(archive.readAt().toISOString()).to.equal('2026-11-23T23:59:00.000Z')
  })

  it('looks into the next day for what was asked shortly before midnight, and no further', async () => {
    const store = createStore()
    await keep(store).read(url)
    expect((await reading(store, '2026-11-22T23:30:00Z').read(url)).status).to.equal(200)
    for (const sentAt of ['2026-11-22T22:30:00Z', '2026-11-24T00:00:00Z']) {
      const error = await rejectionOf(reading(store, sentAt).read(url))
      expect(error, sentAt).to.be.instanceOf(RefusedError)
      expect(error).to.include({ code: 'page_not_archived', status: 404 })
    }
    expect(
      await rejectionOf(reading(store, '2026-11-23T08:00:00Z').read('http://x/matches/8/live')),
    ).to.match(/No page is kept as pages\/demonstration\/2026-11-23\/matches-8-live,/)
  })

  it('takes a page without its date for one of the first moment of the day', async () => {
    const store = createStore()
    await store.put('pages/demonstration/2026-11-23/matches-7-live', Buffer.from('old'))
    const archive = reading(store, '2026-11-23T08:00:00Z')
    expect(await archive.read(url)).to.deep.equal({ status: 200, finalUrl: url, body: 'old' })
    expect(archive.readAt().toISOString()).to.equal('2026-11-23T00:00:00.000Z')
  })
})

describe('when a replayed event was sent', () => {
  const event = { specversion: '1.0', id: '2', source: '/test', type: 'test.asked' }

  it('is its own time; an event that is no replay has none', () => {
    expect(replayedFrom(event)).to.equal(undefined)
    expect(replayedFrom({ ...event, time: '2026-11-23T18:00:00Z', replayof: '1' })).to.deep.equal(
      new Date('2026-11-23T18:00:00Z'),
    )
  })

  it('must be known', () => {
    expect(() => replayedFrom({ ...event, replayof: '1' })).to.throw(RefusedError, 'has no time')
  })
})
