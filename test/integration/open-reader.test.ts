import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { readConfig } from '../../functions/runtime/config/read-config.ts'
import { NotNowError } from '../../functions/runtime/errors/errors.ts'
import { scrapeVariables } from '../../functions/scrape/config.ts'
import { openReader } from '../../functions/scrape/open-reader.ts'
import { createHttpReader } from '../../functions/scrape/readers/http-reader.ts'
import { readOrElse } from '../../functions/scrape/readers/read-or-else.ts'
import { recordLog } from '../support/recorded-log.ts'

describe('the way pages are read', () => {
  let site: Server
  let baseUrl = ''
  before(async () => {
    site = createServer((request, response) => {
      if (request.url === '/robots.txt') response.writeHead(404).end()
      else response.writeHead(200, { 'content-type': 'text/html' }).end('<p>a page</p>')
    })
    await new Promise<void>((resolve) => void site.listen(0, '127.0.0.1', resolve))
    baseUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  })
  after(() => {
    site.close()
    site.closeAllConnections()
  })
  const open = (environment: Record<string, string>) => {
    const config = readConfig(scrapeVariables, { SCRAPE_BASE_URL: baseUrl, ...environment })
    return openReader(config, recordLog())
  }
  // Nothing listens there.
  const noGrid = { BROWSER_URL: 'http://127.0.0.1:1/wd/hub' }

  it('is plain HTTP where that is asked for', async () => {
    const reader = await open({ SCRAPE_READER: 'http', ...noGrid })
    expect(reader.kind).to.equal('http')
    expect((await reader.read(`${baseUrl}/x`)).body).to.equal('<p>a page</p>')
    await reader.close()
  })

  it('does not leave a grid that was named, though it is away', async () => {
    const reader = await open(noGrid)
    expect(reader.kind).to.equal('grid')
    const failure: unknown = await reader.read(`${baseUrl}/x`).catch((error: unknown) => error)
    expect(failure).to.include({ code: 'browser_unavailable' })
    await reader.close()
  })

  it('becomes plain HTTP when the browser of this machine does not start, and for no other reason', async () => {
    const readPlainly = createHttpReader({ timeoutMs: 2_000, userAgent: 'test' })
    const failing = (code: string) => () => Promise.reject(new NotNowError(code, 'no'))
    const read = readOrElse(failing('browser_unavailable'), readPlainly, recordLog())
    expect((await read(`${baseUrl}/x`)).body).to.equal('<p>a page</p>')
    const slow = readOrElse(failing('source_slow'), readPlainly, recordLog())
    expect(await slow(`${baseUrl}/x`).catch((error: unknown) => error)).to.include({ code: 'source_slow' })
  })

  it('leaves every host but this machine alone without a permission', async () => {
    const reader = await open({ SCRAPE_READER: 'http', SCRAPE_BASE_URL: 'https://site.example' })
    const failure: unknown = await reader.read('https://site.example/x').catch((error: unknown) => error)
    expect(failure).to.include({ code: 'source_forbidden', status: 403 })
    await reader.close()
  })
})
