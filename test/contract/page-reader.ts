import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { NotNowError, RefusedError } from '../../functions/runtime/errors/errors.ts'
import type { Page, ReadPage } from '../../functions/scrape/sources/whoscored/source.ts'

export const limits = { pageTimeoutMs: 2_000, maxBytes: 100_000 } as const

interface OpenReader {
  readonly read: ReadPage
  readonly close: () => Promise<void>
}

const html =
  '<!DOCTYPE html><html><head><meta charset="utf-8"><title>Page</title></head><body><p id="a">Çağrı Ødegård</p></body></html>'
const json = '{"a":"<b> & \\"c\\"","d":"Çağrı"}'

/** What the source needs of whatever reads its pages. */
export function describePageReader(name: string, open: () => Promise<OpenReader>): void {
  describe(`page reader: ${name}`, () => {
    let reader: OpenReader | undefined
    let site: Site
    let other: Site

    before(async () => {
      reader = await open()
      site = await startSite()
      other = await startSite()
    })

    after(async () => {
      await reader?.close()
      await site?.close()
      await other?.close()
    })

    const read = (path: string): Promise<Page> => {
      if (!reader) throw new Error('not open')
      return reader.read(`${site.url}${path}`)
    }

    it('reads a page, with its letters', async () => {
      const page = await read('/page')
      expect([page.status, page.finalUrl]).to.deep.equal([200, `${site.url}/page`])
      expect(page.body).to.contain('<p id="a">Çağrı Ødegård</p>')
    })

    it('reads JSON and plain text as they were sent', async () => {
      expect((await read('/json')).body).to.equal(json)
      expect((await read('/text')).body).to.equal('User-agent: *\nDisallow: /a&b/\n')
    })

    it('follows a redirect and says where it ended', async () => {
      const page = await read('/moved')
      expect([page.status, page.finalUrl]).to.deep.equal([200, `${site.url}/page`])
    })

    it('goes to no other host', async () => {
      const failure = await failureOf(
        read(`/away?to=${encodeURIComponent(other.url.replace('127.0.0.1', 'localhost'))}`),
      )
      expect(failure).to.be.instanceOf(RefusedError)
      expect(failure.code).to.equal('redirected_elsewhere')
      expect(other.hits()).to.equal(0)
    })

    it('hands over every status with its page', async () => {
      for (const status of [403, 404, 429, 503]) {
        const page = await read(`/status/${status}`)
        expect(page.status).to.equal(status)
        expect(page.body).to.contain(`Status ${status}`)
      }
    })

    it('gives up a page that does not come in time', async () => {
      const startMs = performance.now()
      const failure = await failureOf(read('/never'))
      expect(failure).to.be.instanceOf(NotNowError)
      expect(failure.code).to.equal('source_slow')
      expect(performance.now() - startMs).to.be.within(
        limits.pageTimeoutMs - 200,
        limits.pageTimeoutMs + 8_000,
      )
    })

    it('says when a site cannot be reached', async () => {
      const gone = await startSite()
      await gone.close()
      const failure = await failureOf(reader?.read(`${gone.url}/page`) ?? Promise.resolve())
      expect(failure).to.be.instanceOf(NotNowError)
      expect(failure.code).to.equal('source_unreachable')
    })

    it('refuses a page that is too large', async () => {
      const failure = await failureOf(read('/large'))
      expect(failure).to.be.instanceOf(RefusedError)
      expect(failure.code).to.equal('page_too_large')
    })

    it('goes on after failures, and keeps pages apart that are asked for at once', async () => {
      const pages = await Promise.all(['/status/404', '/page', '/json'].map((path) => read(path)))
      expect(pages.map(({ status }) => status)).to.deep.equal([404, 200, 200])
      expect(pages[2]?.body).to.equal(json)
    })
  })
}

export async function failureOf(work: Promise<unknown>): Promise<NotNowError | RefusedError> {
  try {
    await work
  } catch (thrown) {
    if (thrown instanceof NotNowError || thrown instanceof RefusedError) return thrown
    throw thrown
  }
  throw new Error('did not fail')
}

export interface Site {
  readonly url: string
  readonly hits: () => number
  readonly close: () => Promise<void>
}

export async function startSite(): Promise<Site> {
  let hits = 0
  const server = createServer((request, response) => {
    hits += 1
    const url = new URL(request.url ?? '/', 'http://site.test')
    const send = (status: number, type: string, body: string, location?: string) => {
      response
        .writeHead(status, { 'content-type': type, ...(location !== undefined && { location }) })
        .end(body)
    }
    const status = /^\/status\/(\d+)$/.exec(url.pathname)?.[1]
    if (status !== undefined) send(Number(status), 'text/html', `<html><body>Status ${status}</body></html>`)
    else if (url.pathname === '/page') send(200, 'text/html; charset=utf-8', html)
    else if (url.pathname === '/json') send(200, 'application/json; charset=utf-8', json)
    else if (url.pathname === '/text')
      send(200, 'text/plain; charset=utf-8', 'User-agent: *\nDisallow: /a&b/\n')
    else if (url.pathname === '/moved') send(302, 'text/html', '', '/page')
    else if (url.pathname === '/away') send(302, 'text/html', '', `${url.searchParams.get('to')}/page`)
    else if (url.pathname === '/large')
      send(200, 'text/html', `<html><body>${'x'.repeat(200_000)}</body></html>`)
    else if (url.pathname !== '/never') send(404, 'text/html', '<html><body>none</body></html>')
  })
  await listen(server)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hits: () => hits,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
}
