import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { postEvent } from '../../../functions/runtime/http/post-event.ts'
import { rejectionOf } from '../../support/rejection.ts'

const event = { specversion: '1.0', id: '1', source: '/test', type: 'test', data: { name: 'Malmö' } }
const limits = { timeoutMs: 2_000, maxBytes: 1_000 }

describe('postEvent', () => {
  let server: Server
  let url = ''
  let connections = 0

  async function serve(listener: RequestListener, options = {}): Promise<void> {
    connections = 0
    server = createServer(options, listener)
    server.on('connection', () => (connections += 1))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }
  afterEach((done) => {
    server.closeAllConnections()
    server.close(() => done())
  })

  it('posts in binary mode, one request after another over one connection', async () => {
    const seen: unknown[] = []
    await serve((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        seen.push([request.method, request.headers['ce-type'], request.headers['content-length'], body])
        response.writeHead(202, { 'retry-after': '7' }).end('taken')
      })
    })
    const answer = await postEvent(url, event, limits)
    expect(answer).to.deep.include({ status: 202, text: 'taken' })
    expect(answer.headers['retry-after']).to.equal('7')
    await postEvent(url, event, limits)
    // The ö takes two bytes.
    const expected = ['POST', 'test', '17', '{"name":"Malmö"}']
    expect(seen).to.deep.equal([expected, expected])
    expect(connections).to.equal(1)
  })

  it('keeps no more than the limit and still reads to the end', async () => {
    await serve((request, response) => {
      request.resume()
      response.end('x'.repeat(100_000))
    })
    expect((await postEvent(url, event, limits)).text).to.have.length(1_000)
    expect((await postEvent(url, event, { ...limits, maxBytes: 0 })).text).to.equal('')
    expect(connections).to.equal(1)
  })

  it('does not follow a redirect', async () => {
    await serve((request, response) => {
      request.resume()
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    expect((await postEvent(url, event, limits)).status).to.equal(307)
  })

  it('ends a wait for an answer, and for the rest of one', async () => {
    await serve((request, response) => {
      request.resume()
      if (request.headers['ce-id'] === 'half') response.write('half of')
    })
    const short = { ...limits, timeoutMs: 100 }
    expect(await rejectionOf(postEvent(url, event, short))).to.include({ message: 'no answer within 100 ms' })
    const half = await rejectionOf(postEvent(url, { ...event, id: 'half' }, short))
    expect(half).to.include({ message: 'no answer within 100 ms' })
  })

  it('fails when the connection is lost in the middle of the answer', async () => {
    await serve((request, response) => {
      request.resume()
      response.write('half of', () => response.destroy())
    })
    expect(await rejectionOf(postEvent(url, event, limits))).to.include({ code: 'ECONNRESET' })
  })

  it('takes a new connection where the server has closed the old one', async () => {
    await serve(
      (request, response) => {
        request.resume()
        response.end()
      },
      { keepAliveTimeout: 20 },
    )
    await postEvent(url, event, limits)
    await sleep(1_500)
    expect((await postEvent(url, event, limits)).status).to.equal(200)
    expect(connections).to.equal(2)
  })
})
