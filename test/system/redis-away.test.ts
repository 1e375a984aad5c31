import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { findFreePorts } from '../../scripts/start/ports.ts'
import { startRedis } from '../../scripts/test/redis.ts'
import type { TestServer } from '../../scripts/test/test-server.ts'
import { ask, type Json, type Run, runWith, untilReady } from '../support/running-bundle.ts'

describe('the bundle with a real Redis', function () {
  this.timeout(60_000)
  const folder = mkdtempSync(join(tmpdir(), 'soccer-redis-away-'))
  let redis: TestServer
  let bundle: Run
  let url = ''

  before(async () => {
    redis = await startRedis({})
    const [port = 0] = await findFreePorts(21_000 + Math.floor(Math.random() * 20_000), 1)
    url = `http://127.0.0.1:${port}`
    const variables = { REDIS_URL: redis.url, SCRAPE_READER: 'http' }
    bundle = runWith(variables, '--port', String(port), '--data', join(folder, 'data'))
    await untilReady(bundle)
  })
  after(async () => {
    bundle.child.kill('SIGTERM')
    expect(await bundle.ended).to.equal(0)
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('answers from it, and goes on rightly when it vanishes', async () => {
    expect((await ask(url, { home: 'Arsenal', away: 'Chelsea' })).body).to.include({ cache: 'computed' })
    expect((await ask(url, { home: 'Arsenal', away: 'Chelsea' })).body).to.include({ cache: 'hit' })
    await redis.stop()
    expect((await ask(url, { home: 'Arsenal', away: 'Chelsea' })).body).to.include({ cache: 'stored' })
    expect((await ask(url, { home: 'Arsenal', away: 'Everton' })).body).to.include({ cache: 'computed' })
    const matches = (await (await fetch(`${url}/predict/matches`)).json()) as Json
    const list = matches['matches'] as unknown as { match_id: number }[]
    expect((await ask(url, { match_id: list[0]?.match_id })).status).to.equal(200)
    const readiness = await fetch(`${url}/health/readiness`)
    expect(readiness.status).to.equal(200)
    expect(((await readiness.json()) as Json)['checks']).to.include({
      database: 'ok',
      cache: 'The cache does not answer.',
    })
  })
})
