import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { findFreePorts } from '../../scripts/start/ports.ts'
import { ask, type Json, type Run, root, run, runScript, untilReady } from '../support/running-bundle.ts'

describe('npm start', function () {
  this.timeout(90_000)
  const folder = mkdtempSync(join(tmpdir(), 'soccer-start-'))
  const data = join(folder, 'data')
  let port = 0
  let url = ''
  let first: Run

  before(async () => {
    ;[port = 0] = await findFreePorts(21_000 + Math.floor(Math.random() * 20_000), 1)
    url = `http://127.0.0.1:${port}`
    first = run('--port', String(port), '--data', data)
    await untilReady(first)
  })

  after(async () => {
    first.child.kill('SIGKILL')
    await first.ended
    rmSync(folder, { recursive: true, force: true })
  })

  /** The types of a request's events; the last reply is journalled just after its asker was woken. */
  async function storyOf(correlationId: string, count: number): Promise<string[]> {
    for (let tries = 0; ; tries++) {
      const types = readFileSync(join(data, 'journal/events.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { type: string; correlationid: string })
        .filter((event) => event.correlationid === correlationId)
        .map((event) => event.type)
      if (types.length >= count || tries === 40) return types
      await sleep(50)
    }
  }

  it('prints where it serves, with which model, and a line to paste that works', async () => {
    expect(first.output()).to.contain(`http://localhost:${port}`)
    expect(first.output()).to.match(/soccer-match-outcome \S+ \(champion\)/)
    const line = first.output().match(/curl -X POST (\S+) -H '([^:]+): ([^']+)' -d '([^']+)'/)
    expect(line).to.not.equal(null)
    const [, address = '', header = '', value = '', body = ''] = line ?? []
    const response = await fetch(address, { method: 'POST', headers: { [header]: value }, body })
    expect(response.status).to.equal(200)
  })

  it('predicts two clubs: three probabilities, the model, the age of what they rest on', async () => {
    const { status, body } = await ask(url, { home: 'Arsenal', away: 'Chelsea' })
    expect(status).to.equal(200)
    const { home, draw, away } = body['probabilities'] as unknown as {
      home: number
      draw: number
      away: number
    }
    expect(home + draw + away).to.be.closeTo(1, 1e-6)
    for (const probability of [home, draw, away]) expect(probability).to.be.within(0.001, 0.999)
    expect(body['model']).to.include({ name: 'soccer-match-outcome', alias: 'champion' })
    expect(body).to.include({ as_of: '2024-06-28T00:00:00.000Z', stale: true })
    expect(body['match']).to.deep.include({ match_id: null })
  })

  it('finds clubs by forgiving names', async () => {
    for (const [home, away] of [
      ['Man Utd', 'manchester city'],
      ['Köln', 'Bayern München'],
      ['Koln', 'Dortmund'],
    ]) {
      expect((await ask(url, { home, away })).status, `${home} - ${away}`).to.equal(200)
    }
  })

  it('takes a match of the demonstration through all three functions, under one correlation id', async () => {
    const matches = (await (await fetch(`${url}/predict/matches`)).json()) as Json
    expect(matches['demonstration']).to.equal(true)
    const list = matches['matches'] as unknown as { match_id: number; home: string }[]
    const match = list[0]
    const { status, body } = await ask(url, { match_id: match?.match_id }, { 'x-request-id': 'one-story' })
    expect(status).to.equal(200)
    expect(body).to.include({ cache: 'computed', request_id: 'one-story' })
    expect(body['match']).to.include({ match_id: match?.match_id })
    expect(await storyOf('one-story', 3)).to.deep.equal([
      'soccer.match.requested.v1',
      'soccer.match.scraped.v1',
      'soccer.prediction.completed.v1',
    ])
    expect((await ask(url, { match_id: match?.match_id })).body).to.include({ cache: 'hit' })
  })

  const bad: [string, unknown, Record<string, string>, number, string][] = [
    ['no JSON', '{"home":', {}, 400, 'not_json'],
    ['an unknown field', { home: 'Arsenal', away: 'Chelsea', colour: 'red' }, {}, 422, 'invalid_request'],
    ['an unknown club', { home: 'Arsenal', away: 'Qwrtpsdfg' }, {}, 422, 'unknown_club'],
    ['an ambiguous club', { home: 'Manchester', away: 'Chelsea' }, {}, 422, 'ambiguous_club'],
    ['one club twice', { home: 'Man Utd', away: 'manchester united' }, {}, 422, 'same_club'],
    [
      'a kick-off in 1890',
      { home: 'Arsenal', away: 'Chelsea', kickoff: '1890-01-01' },
      {},
      422,
      'kickoff_out_of_range',
    ],
    ['2 MB', { home: 'x'.repeat(2_000_000), away: 'y' }, {}, 413, 'too_large'],
    ['another content type', 'home=Arsenal', { 'content-type': 'text/plain' }, 415, 'not_json_content_type'],
    ['an unknown match', { match_id: 123 }, {}, 404, 'unknown_match'],
  ]
  for (const [what, body, headers, status, code] of bad) {
    it(`answers ${what} with ${status} and a sentence, and shows nothing of its inside`, async () => {
      const answer = await ask(url, body, headers)
      expect(answer.status).to.equal(status)
      expect(answer.type).to.contain('application/problem+json')
      expect(answer.body).to.include({ code, status })
      expect(String(answer.body['detail'])).to.match(/^[A-Z"].{10,}[.?]$/s)
      expect(JSON.stringify(answer.body)).to.not.match(/node_modules|\.ts:|at [a-z]+ \(/i)
    })
  }

  it('lists the candidates of an ambiguous name, of which each can be sent', async () => {
    const { body } = await ask(url, { home: 'Manchester', away: 'Chelsea' })
    const candidates = body['candidates'] as unknown as { club_id: string }[]
    expect(candidates.map((club) => club.club_id)).to.include.members([
      'england.man-united',
      'england.man-city',
    ])
    expect((await ask(url, { home: candidates[0]?.club_id, away: 'Chelsea' })).status).to.equal(200)
  })

  it('serves the page, the model, health and metrics', async () => {
    const get = async (path: string) => {
      const response = await fetch(url + path)
      return {
        status: response.status,
        type: response.headers.get('content-type') ?? '',
        text: await response.text(),
      }
    }
    expect(await get('/')).to.include({ status: 200 })
    expect((await get('/web/page.js')).type).to.contain('javascript')
    expect(JSON.parse((await get('/predict/model/info')).text)).to.include({
      name: 'soccer-match-outcome',
      alias: 'champion',
    })
    expect(JSON.parse((await get('/predict/clubs?q=arsenal')).text)).to.have.nested.property(
      'clubs[0].club_id',
    )
    for (const path of ['/healthcheck', '/health/liveness', '/health/readiness'])
      expect((await get(path)).status).to.equal(200)
    const metrics = await get('/metrics')
    expect(metrics.type).to.contain('text/plain')
    expect(metrics.text).to.contain('soccer_predictions_total{cache="computed"}')
    expect((await get('/nothing')).status).to.equal(404)
    expect((await get('/predict')).status).to.equal(405)
  })

  it('tells a second start on the folder or the port so, each with its own exit code', async () => {
    const sameFolder = run('--port', String(port + 50), '--data', data)
    expect(await sameFolder.ended).to.equal(4)
    expect(sameFolder.output()).to.contain(`in use: process ${first.child.pid}`)
    const samePort = run('--port', String(port), '--data', join(folder, 'other'))
    expect(await samePort.ended).to.equal(3)
    expect(samePort.output()).to.contain(`Port ${port} is in use already`)
  })

  it('explains itself and refuses options it does not know', async () => {
    const help = run('--help')
    expect(await help.ended).to.equal(0)
    for (const option of ['--port', '--data', '--fresh', '--host']) expect(help.output()).to.contain(option)
    const wrong = run('--prot', '1')
    expect(await wrong.ended).to.equal(2)
    expect(wrong.output()).to.contain('--prot')
  })

  it('marks the running functions for func, and takes the marks away', async () => {
    expect(existsSync(join(root, '.func/runs', String(port)))).to.equal(true)
    for (const name of ['scrape', 'infer'])
      expect(readdirSync(join(root, `functions/${name}/.func/runs`))).to.not.be.empty
  })

  it('answers a known match within 5 ms and a new question within 40 ms, in less than 500 MB', async () => {
    const median = (times: number[]) => times.toSorted((a, b) => a - b)[times.length >> 1] ?? Infinity
    const time = async (body: unknown, source: string) => {
      const startedMs = performance.now()
      expect((await ask(url, body)).body).to.include({ cache: source })
      return performance.now() - startedMs
    }
    const known: number[] = []
    const fresh: number[] = []
    const names = ['Arsenal', 'Chelsea', 'Everton', 'Liverpool', 'Fulham', 'Wolves', 'Brentford', 'Brighton']
    for (const home of names) {
      for (const away of names.filter((name) => name !== home)) {
        const question = {
          home,
          away,
          kickoff: new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10),
        }
        fresh.push(await time(question, 'computed'))
        known.push(await time(question, 'hit'))
      }
    }
    expect(median(known), 'median of known answers, ms').to.be.below(5)
    expect(median(fresh), 'median of computed answers, ms').to.be.below(40)
    const status = readFileSync(`/proc/${first.child.pid}/status`, 'utf8')
    expect(Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]), 'resident memory, kB').to.be.below(500 * 1024)
  })

  it('replays recorded events, and gets the recorded answers', async () => {
    const infer = /infer (http:\S+)/.exec(first.output())?.[1] ?? ''
    const journal = join(data, 'journal/events.ndjson')
    const replay = (...args: string[]) =>
      runScript('scripts/replay/main.ts', '--journal', journal, '--to', infer, ...args)
    const requests = ['--type', 'soccer.prediction.requested.v1', '--limit', '5']
    const dry = replay(...requests)
    expect(await dry.ended).to.equal(0)
    expect(dry.output()).to.contain('5 events would be sent')
    const sent = replay(...requests, '--no-dry-run', '--compare', '--rate', '100')
    expect(await sent.ended).to.equal(0)
    expect(sent.output().match(/^ok .* same$/gm)).to.have.length(5)
  })

  it('loses no stored prediction when it is killed, and starts again', async () => {
    const before = await ask(url, { home: 'Arsenal', away: 'Liverpool' })
    expect(before.body).to.include({ cache: 'computed' })
    first.child.kill('SIGKILL')
    await first.ended
    first = run('--port', String(port), '--data', data)
    await untilReady(first)
    const again = await ask(url, { home: 'Arsenal', away: 'Liverpool' })
    expect(again.body).to.include({ cache: 'stored' })
    expect(again.body['probabilities']).to.deep.equal(before.body['probabilities'])
  })

  it('answers what is under way when it is told to stop, and ends with 0', async () => {
    const names = ['Everton', 'Fulham', 'Wolves', 'Brentford', 'Crystal Palace', 'Brighton']
    const asked = names.map((away) => ask(url, { home: 'Arsenal', away }))
    await fetch(`${url}/health/liveness`)
    first.child.kill('SIGTERM')
    for (const { status } of await Promise.all(asked)) expect(status).to.equal(200)
    expect(await first.ended).to.equal(0)
    expect(existsSync(join(root, '.func/runs', String(port)))).to.equal(false)
  })
})
