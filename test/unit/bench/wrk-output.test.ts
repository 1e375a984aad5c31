import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { requireWrk, runClosedLoop } from '../../../scripts/bench/closed-loop.ts'
import { readWrkOutput } from '../../../scripts/bench/wrk-output.ts'
import { useTemporaryFolder } from '../../support/temporary-folder.ts'

const prose = `Running 2s test @ http://127.0.0.1:8080/predict
  1 threads and 16 connections
Requests/sec:   5000.00
`
const result = {
  asked: 10_016,
  answered: 10_000,
  durationUs: 2_000_000,
  statuses: { 200: 9_990, 503: 10 },
  socket: { connect: 0, read: 0, write: 0, timeout: 2 },
  latencyUs: { p50: 1_500, p90: 2_000, p99: 12_345, p999: 20_000, max: 31_000 },
}

describe('what wrk prints', () => {
  it('is read in requests a second and milliseconds, failures apart', () => {
    expect(readWrkOutput(`${prose}RESULT ${JSON.stringify(result)}\n`)).to.deep.equal({
      asked: 10_016,
      requests: 10_000,
      requestsPerS: 5_000,
      latencyMs: { p50: 1.5, p90: 2, p99: 12.345, p999: 20, max: 31 },
      failures: { '503': 10, 'socket timeout': 2 },
    })
  })

  it('has no failures where every answer was a 200', () => {
    const good = { ...result, statuses: { 200: 10_000 }, socket: { ...result.socket, timeout: 0 } }
    expect(readWrkOutput(`RESULT ${JSON.stringify(good)}`).failures).to.deep.equal({})
  })

  it('is shown where there is no result in it', () => {
    expect(() => readWrkOutput('unable to connect to 127.0.0.1:1\n')).to.throw(/unable to connect/)
  })
})

describe('wrk with our script', function () {
  this.timeout(20_000)
  const inFolder = useTemporaryFolder()

  before(() => requireWrk())

  it('asks the bodies in turn and counts every status', async () => {
    const bodies: string[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        bodies.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`)
        response.writeHead(body === '{"n":3}' ? 422 : 200).end('{}')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const three = ['{"n":1}', '{"n":2}', '{"n":3}']
    const folder = inFolder()
    const measured = await runClosedLoop({ url, callers: 2, seconds: 1, bodies: three, folder })
    server.closeAllConnections()
    server.close()
    // The first is used up: wrk makes one request only to look at it.
    expect(bodies.slice(0, 4).toSorted()).to.deep.equal([
      'POST /predict application/json {"n":1}',
      'POST /predict application/json {"n":2}',
      'POST /predict application/json {"n":2}',
      'POST /predict application/json {"n":3}',
    ])
    expect(measured.requests).to.be.greaterThan(9)
    expect(measured.asked).to.be.within(measured.requests + 1, measured.requests + 3)
    expect(Object.keys(measured.failures)).to.deep.equal(['422'])
    expect(measured.failures['422']).to.be.closeTo(measured.requests / 3, 2)
    expect(measured.latencyMs.max).to.be.greaterThan(0)
  })
})
