import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import type { RunningService, ServiceName } from '../../scripts/services/service.ts'
import { startService } from '../../scripts/services/start-service.ts'
import { findFreePorts } from '../../scripts/start/ports.ts'
import { eventually } from '../support/eventually.ts'
import { ask, type Json, type Run, root, runWith, untilReady } from '../support/running-bundle.ts'

const folder = mkdtempSync(join(tmpdir(), 'soccer-degraded-'))
after(() => rmSync(folder, { recursive: true, force: true }))

/** Started again, it has the same address and data. */
const start = (name: ServiceName): Promise<RunningService> =>
  startService(name, {
    folder,
    environment: { PATH: process.env['PATH'] },
    tell: console.error,
    durable: false,
  })
const freePort = async () =>
  (await findFreePorts(21_000 + Math.floor(Math.random() * 20_000), 1))[0] ?? expect.fail('no free port')

const readinessOf = async (url: string) => {
  const answer = await fetch(`${url}/health/readiness`)
  return { status: answer.status, checks: ((await answer.json()) as Json)['checks'] }
}
const isReady = (url: string) => readinessOf(url).then(({ status }) => status === 200)

/** A POST of the question, timed; `ask` shows no headers. */
async function askTimed(url: string, question: object) {
  const startedMs = performance.now()
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${url}/predict`, { method: 'POST', headers, body: JSON.stringify(question) })
  const body = (await answer.json()) as Json
  const retryAfterS = Number(answer.headers.get('retry-after'))
  return { status: answer.status, body, retryAfterS, tookMs: performance.now() - startedMs }
}

describe('the bundle while a store is away', function () {
  this.timeout(90_000)
  let redis: RunningService
  let postgres: RunningService
  let bundle: Run
  let url = ''

  before(async () => {
    redis = await start('redis')
    postgres = await start('postgres')
    const port = await freePort()
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
  })

  it('tells a refusal long before the deadline though Redis cannot pass it on', async () => {
    await redis.stop()
    const answer = await askTimed(url, { match_id: 123 })
    expect([answer.status, answer.body['code']]).to.deep.equal([404, 'unknown_match'])
    expect(answer.tookMs).to.be.below(5_000)
    redis = await start('redis')
    await eventually(async () => String((await readinessOf(url)).checks?.['cache']) === 'ok', 15_000)
  })

  it('gives what the cache has while PostgreSQL is away, and all of it when that is back', async () => {
    const known = { home: 'Arsenal', away: 'Chelsea' }
    expect((await ask(url, known)).body).to.include({ cache: 'computed' })
    await postgres.stop()
    const hit = await askTimed(url, known)
    expect(hit.status).to.equal(200)
    expect(hit.body).to.include({ cache: 'hit', stale: true })
    const fresh = await askTimed(url, { home: 'Arsenal', away: 'Fulham' })
    expect([fresh.status, fresh.body['code']]).to.deep.equal([503, 'database_unavailable'])
    expect(fresh.retryAfterS).to.be.above(0)
    expect(fresh.tookMs).to.be.below(5_000)
    const { status, checks } = await readinessOf(url)
    expect(status).to.equal(503)
    expect(checks).to.include({ database: 'The database does not answer.', cache: 'ok' })
    expect((await fetch(`${url}/health/liveness`)).status).to.equal(200)
    postgres = await start('postgres')
    await eventually(() => isReady(url), 15_000)
    expect((await ask(url, { home: 'Arsenal', away: 'Fulham' })).body).to.include({ cache: 'computed' })
  })
})

describe('functions alone', function () {
  this.timeout(90_000)
  const children: { readonly child: ChildProcess; readonly ended: Promise<unknown> }[] = []
  const models = join(folder, 'models')
  let postgres: RunningService
  let infer = ''
  let predict = ''
  let sinkPort = 0

  async function startFunction(name: string, variables: Record<string, string>): Promise<string> {
    const port = await freePort()
    const child = spawn(process.execPath, [join(root, 'functions', name, 'index.ts')], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        DATABASE_URL: postgres.url,
        DATA_DIR: join(folder, name),
        LOG_LEVEL: 'silent',
        PORT: String(port),
        ...variables,
      },
    })
    children.push({ child, ended: once(child, 'exit') })
    const url = `http://127.0.0.1:${port}`
    const lives = () =>
      fetch(`${url}/health/liveness`).then(
        ({ status }) => status === 200,
        () => false,
      )
    await eventually(lives, 20_000)
    return url
  }
  const send = (id: string, home: string) =>
    fetch(infer, {
      method: 'POST',
      headers: {
        'ce-specversion': '1.0',
        'ce-id': id,
        'ce-source': '/test',
        'ce-type': 'soccer.prediction.requested.v1',
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        home_club_id: home,
        away_club_id: 'england.chelsea',
        kickoff: `${new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)}T12:00:00.000Z`,
        competition: null,
      }),
    })
  const tomorrow = (home: string) => ({
    home,
    away: 'Chelsea',
    kickoff: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
  })

  before(async () => {
    mkdirSync(models)
    postgres = await start('postgres')
    infer = await startFunction('infer', { MODEL_DIR: models })
  })
  after(async () => {
    for (const { child, ended } of children) {
      child.kill('SIGTERM')
      expect(await ended).to.deep.equal([0, null])
    }
    await postgres.stop()
  })

  it('infer lives without a model, says that it is not ready, and lets events come back', async () => {
    const { status, checks } = await readinessOf(infer)
    expect(status).to.equal(503)
    expect(checks).to.include({ database: 'ok' })
    expect(String(checks?.['model'])).to.match(/^No model has been loaded yet/)
    const answer = await send('e1', 'england.arsenal')
    expect([answer.status, ((await answer.json()) as Json)['code']]).to.deep.equal([503, 'model_unavailable'])
    expect(Number(answer.headers.get('retry-after'))).to.be.above(0)
  })

  it('infer loads the model when the registry has it, and goes on when that is gone again', async () => {
    cpSync(join(root, 'models/champion'), join(models, 'champion'), { recursive: true })
    await eventually(() => isReady(infer), 30_000)
    expect((await send('e1', 'england.arsenal')).headers.get('ce-type')).to.equal(
      'soccer.prediction.completed.v1',
    )
    rmSync(models, { recursive: true })
    expect((await send('e2', 'england.arsenal')).headers.get('ce-type')).to.equal(
      'soccer.prediction.completed.v1',
    )
    expect(await isReady(infer)).to.equal(true)
  })

  it('infer, killed and started again, gives an event delivered again the same reply', async () => {
    const first = await send('e3', 'england.everton')
    const id = first.headers.get('ce-id')
    const reply = await first.json()
    children.at(-1)?.child.kill('SIGKILL')
    await children.pop()?.ended
    infer = await startFunction('infer', { MODEL_DIR: join(root, 'models') })
    const again = await send('e3', 'england.everton')
    expect(again.headers.get('ce-id')).to.equal(id)
    expect(await again.json()).to.deep.equal(reply)
  })

  it('predict gives stored answers while the broker is away, and says of others at once to come back', async () => {
    sinkPort = await freePort()
    predict = await startFunction('predict', {
      K_SINK: `http://127.0.0.1:${sinkPort}/`,
      ANSWER_TIMEOUT_MS: '1500',
    })
    expect((await ask(predict, tomorrow('Arsenal'))).body).to.include({ cache: 'stored' })
    // Twice: the first must leave nothing behind that the second would wait for.
    for (const attempt of ['first', 'second']) {
      const answer = await askTimed(predict, tomorrow('Fulham'))
      expect([answer.status, answer.body['code']], attempt).to.deep.equal([503, 'broker_unavailable'])
      expect(answer.retryAfterS, attempt).to.be.above(0)
      expect(answer.tookMs, attempt).to.be.below(1_000)
    }
  })

  it('predict asks the broker when that is back, once for all who ask the same', async () => {
    const taken: unknown[] = []
    const sink = createServer((request, response) => {
      taken.push([request.headers['ce-type'], request.headers['ce-subject']])
      request.resume().on('end', () => response.writeHead(202).end())
    })
    await new Promise<void>((resolve) => void sink.listen(sinkPort, '127.0.0.1', resolve))
    const question = tomorrow('Fulham')
    const answers = await Promise.all([1, 2, 3].map(() => ask(predict, question)))
    for (const { status, body } of answers) {
      expect(status).to.equal(503)
      expect(body).to.include({ code: 'answer_not_ready' })
    }
    expect(taken).to.deep.equal([
      ['soccer.prediction.requested.v1', `england.fulham~england.chelsea~${question.kickoff}`],
    ])
    sink.close()
    sink.closeAllConnections()
  })
})
