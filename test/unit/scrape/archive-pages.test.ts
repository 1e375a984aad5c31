import { expect } from 'chai'
import { NotNowError } from '../../../functions/runtime/errors/errors.ts'
import { createLogger } from '../../../functions/runtime/logging/logger.ts'
import { archivePages } from '../../../functions/scrape/archive-pages.ts'

const log = createLogger({ name: 'test', level: 'silent', format: 'json' })
const page = (url: string) => Promise.resolve({ status: 200, finalUrl: url, body: `<p>${url}</p>` })
const now = () => new Date('2026-11-23T23:59:00Z')

describe('the archive of pages', () => {
  it('keeps each page as it came, one a page and day', async () => {
    const kept: [string, string][] = []
    const put = (key: string, bytes: Uint8Array) =>
      Promise.resolve(void kept.push([key, Buffer.from(bytes).toString()]))
    const read = archivePages(page, { objects: { put }, site: 'demonstration', log, now })
    expect((await read('http://x/Matches/7/Live')).body).to.equal('<p>http://x/Matches/7/Live</p>')
    await read('http://x/tournaments/9/data/?d=202611')
    await read('http://x/')
    expect(kept).to.deep.equal([
      ['pages/demonstration/2026-11-23/matches-7-live', '<p>http://x/Matches/7/Live</p>'],
      [
        'pages/demonstration/2026-11-23/tournaments-9-data-d-202611',
        '<p>http://x/tournaments/9/data/?d=202611</p>',
      ],
      ['pages/demonstration/2026-11-23/home', '<p>http://x/</p>'],
    ])
  })

  it('uses a page that cannot be kept, rather than visit the site again', async () => {
    const put = () => Promise.reject(new NotNowError('objects_unavailable', 'away'))
    const read = archivePages(page, { objects: { put }, site: 'demonstration', log, now })
    expect((await read('http://x/')).status).to.equal(200)
  })
})
