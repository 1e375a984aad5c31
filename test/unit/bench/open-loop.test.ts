import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { createAsker, runOpenLoop } from '../../../scripts/bench/open-loop.ts'

/** A clock that stands still until somebody sleeps. */
function createClock() {
  let nowMs = 1_000
  const dues: { atMs: number; wake: () => void }[] = []
  const advanceTo = async (atMs: number) => {
    await new Promise(setImmediate)
    for (;;) {
      const next = dues.toSorted((a, b) => a.atMs - b.atMs)[0]
      if (!next || next.atMs > atMs) break
      dues.splice(dues.indexOf(next), 1)
      nowMs = Math.max(nowMs, next.atMs)
      next.wake()
      await new Promise(setImmediate)
    }
    nowMs = Math.max(nowMs, atMs)
  }
  const sleep = (ms: number) =>
    new Promise<void>((wake) => {
      dues.push({ atMs: nowMs + ms, wake })
    })
  return { now: () => nowMs, sleep, advanceTo, stall: (ms: number) => void (nowMs += ms) }
}

describe('open loop', () => {
  it('sends at the rate, whether answers come or not', async () => {
    const clock = createClock()
    const sentAt: number[] = []
    const answers: (() => void)[] = []
    const ask = () => {
      sentAt.push(clock.now())
      return new Promise<string>((resolve) => {
        answers.push(() => resolve('200'))
      })
    }
    const running = runOpenLoop({ ratePerS: 10, seconds: 0.5, ask, ...clock })
    await clock.advanceTo(2_000)
    expect(sentAt).to.deep.equal([1_000, 1_100, 1_200, 1_300, 1_400])
    for (const answer of answers) answer()
    const { requests, latencyMs } = await running
    expect(requests).to.equal(5)
    // Answered together at 2000: the first has waited since 1000, the last since 1400.
    expect(latencyMs).to.include({ p50: 800, max: 1_000 })
  })

  it('charges a stall of the service to every request that was due meanwhile', async () => {
    const clock = createClock()
    // Until 1300 nothing is answered, after that everything at once.
    const ask = async () => {
      const waitMs = 1_300 - clock.now()
      if (waitMs > 0) await clock.sleep(waitMs)
      return '200'
    }
    const running = runOpenLoop({ ratePerS: 10, seconds: 1, ask, ...clock })
    await clock.advanceTo(3_000)
    const { latencyMs } = await running
    // Due at 1000, 1100, 1200: 300, 200, 100; the other seven: 0.
    expect(latencyMs).to.deep.equal({ p50: 0, p90: 200, p99: 300, p999: 300, max: 300 })
  })

  it('charges a stall of its own, too, and says how long it was', async () => {
    const clock = createClock()
    let asked = 0
    const ask = () => {
      asked += 1
      // The process stands still for 250 ms while the second request is sent.
      if (asked === 2) clock.stall(250)
      return Promise.resolve('200')
    }
    const running = runOpenLoop({ ratePerS: 10, seconds: 0.4, ask, ...clock })
    await clock.advanceTo(3_000)
    const { latencyMs, latestSendMs } = await running
    // Due at 1000, 1100, 1200, 1300; the process is there again at 1350.
    expect(latestSendMs).to.equal(150)
    expect(latencyMs).to.include({ max: 250, p50: 50 })
  })

  it('counts what was no 200 by its name', async () => {
    const outcomes = ['200', '503', 'ECONNRESET', '503']
    const ask = (n: number) => Promise.resolve(outcomes[n] ?? '')
    const { failures, requests } = await runOpenLoop({ ratePerS: 1_000, seconds: 0.004, ask })
    expect(requests).to.equal(4)
    expect(failures).to.deep.equal({ '503': 2, ECONNRESET: 1 })
  })

  it('never sends before the time', async () => {
    const { latencyMs } = await runOpenLoop({
      ratePerS: 300,
      seconds: 0.1,
      ask: () => Promise.resolve('200'),
    })
    expect(latencyMs.p50).to.be.at.least(0)
  })
})

describe('asker', () => {
  let server: Server
  let url = ''
  const seen: { method: string | undefined; path: string | undefined; body: string }[] = []

  beforeEach((done) => {
    seen.length = 0
    server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        seen.push({ method: request.method, path: request.url, body })
        if (body === '"hang up"') response.destroy()
        else response.writeHead(body === '"busy"' ? 503 : 200).end('{}')
      })
    }).listen(0, '127.0.0.1', () => {
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      done()
    })
  })
  afterEach((done) => {
    server.closeAllConnections()
    server.close(() => done())
  })

  it('posts to /predict over one connection and answers with the status', async () => {
    let connections = 0
    server.on('connection', () => (connections += 1))
    const asker = createAsker(url)
    expect(await asker.ask('"fine"')).to.equal('200')
    expect(await asker.ask('"busy"')).to.equal('503')
    asker.close()
    expect(seen).to.deep.equal([
      { method: 'POST', path: '/predict', body: '"fine"' },
      { method: 'POST', path: '/predict', body: '"busy"' },
    ])
    expect(connections).to.equal(1)
  })

  it('names what happened where there is no answer', async () => {
    const asker = createAsker(url)
    expect(await asker.ask('"hang up"')).to.equal('ECONNRESET')
    asker.close()
  })
})
