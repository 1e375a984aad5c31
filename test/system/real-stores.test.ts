import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { RunningService } from '../../scripts/services/service.ts'
import { startService } from '../../scripts/services/start-service.ts'
import { findFreePorts } from '../../scripts/start/ports.ts'
import { ask, type Json, type Run, runWith, untilReady } from '../support/running-bundle.ts'

describe('the bundle with a real PostgreSQL and Redis', function () {
  this.timeout(90_000)
  const folder = mkdtempSync(join(tmpdir(), 'soccer-redis-away-'))
  let redis: RunningService
  let postgres: RunningService
  let bundle: Run
  let url = ''

  before(async () => {
    const options = {
      folder,
      environment: { PATH: process.env['PATH'] },
      tell: console.error,
      durable: false,
    }
    redis = await startService('redis', options)
    postgres = await startService('postgres', options)
    const [port = 0] = await findFreePorts(21_000 + Math.floor(Math.random() * 20_000), 1)
    url = `http://127.0.0.1:${port}`
    const variables = { REDIS_URL: redis.url, DATABASE_URL: postgres.url, SCRAPE_READER: 'http' }
    bundle = runWith(variables, '--port', String(port), '--data', join(folder, 'data'))
    await untilReady(bundle)
  })
  after(async () => {
    bundle.child.kill('SIGTERM')
    expect(await bundle.ended).to.equal(0)
    await redis.stop()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const checks = async () => {
    const readiness = await fetch(`${url}/health/readiness`)
    return { status: readiness.status, checks: ((await readiness.json()) as Json)['checks'] }
  }

  it('computes, stores and answers again', async () => {
    expect((await ask(url, { home: 'Arsenal', away: 'Chelsea' })).body).to.include({ cache: 'computed' })
    expect((await ask(url, { home: 'Arsenal', away: 'Chelsea' })).body).to.include({ cache: 'hit' })
    const matches = (await (await fetch(`${url}/predict/matches`)).json()) as Json
    const list = matches['matches'] as unknown as { match_id: number }[]
    const answer = await ask(url, { match_id: list[0]?.match_id })
    expect(answer.body).to.include({ cache: 'computed' })
    expect(answer.body['match']).to.include({ match_id: list[0]?.match_id })
    expect(await checks()).to.deep.equal({
      status: 200,
      checks: { database: 'ok', cache: 'ok', model: 'ok' },
    })
  })

  it('goes on rightly when Redis vanishes', async () => {
    await redis.stop()
    expect((await ask(url, { home: 'Arsenal', away: 'Chelsea' })).body).to.include({ cache: 'stored' })
    expect((await ask(url, { home: 'Arsenal', away: 'Everton' })).body).to.include({ cache: 'computed' })
    const { status, checks: named } = await checks()
    expect(status).to.equal(200)
    expect(named).to.include({ database: 'ok', cache: 'The cache does not answer.' })
  })

  it('says when to come back when PostgreSQL vanishes, too, and takes itself out of service', async () => {
    await postgres.stop()
    const init = { method: 'POST', headers: { 'content-type': 'application/json' } }
    const body = JSON.stringify({ home: 'Arsenal', away: 'Fulham' })
    const answer = await fetch(`${url}/predict`, { ...init, body })
    expect(answer.status).to.equal(503)
    expect(Number(answer.headers.get('retry-after'))).to.be.above(0)
    expect(await answer.json()).to.include({ code: 'database_unavailable' })
    expect((await checks()).status).to.equal(503)
    expect((await fetch(`${url}/health/liveness`)).status).to.equal(200)
  })
})
