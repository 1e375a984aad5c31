import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { findFreePorts } from '../../scripts/start/ports.ts'

const program = fileURLToPath(new URL('../fixtures/event-function.ts', import.meta.url))

interface Running {
  readonly url: string
  readonly signal: (name: NodeJS.Signals) => void
  readonly ended: Promise<{ code: number | null; output: string }>
}

const running = new Set<Running>()

async function start(): Promise<Running> {
  const [port = 0] = await findFreePorts(20_000 + Math.floor(Math.random() * 20_000), 1)
  const child = spawn(process.execPath, [program, String(port)], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, output }))
  const one: Running = { url: `http://127.0.0.1:${port}/`, signal: (name) => child.kill(name), ended }
  running.add(one)
  while (!output.includes('listening')) await Promise.race([once(child.stdout, 'data'), ended])
  return one
}

const headers = (type: string, extra: Record<string, string> = {}) => ({
  'ce-specversion': '1.0',
  'ce-id': 'e1',
  'ce-source': '/test',
  'ce-type': type,
  'content-type': 'application/json',
  ...extra,
})

const post = (url: string, given: Record<string, string>, body = '{"waitMs":0}') =>
  fetch(url, { method: 'POST', headers: given, body })

afterEach(async () => {
  for (const one of running) {
    one.signal('SIGKILL')
    await one.ended
  }
  running.clear()
})

describe('an event function under faas-js-runtime', () => {
  it('answers an event with an event, binary and structured', async () => {
    const { url } = await start()
    const binary = await post(url, headers('test.echo'))
    expect(binary.status).to.equal(200)
    expect(binary.headers.get('ce-type')).to.equal('test.echoed')
    expect(binary.headers.get('access-control-allow-origin')).to.not.equal('*')
    expect(await binary.json()).to.deep.equal({ waitMs: 0 })
    const event = { specversion: '1.0', id: 'e2', source: '/test', type: 'test.echo', data: { waitMs: 0 } }
    const structured = await post(
      url,
      { 'content-type': 'application/cloudevents+json' },
      JSON.stringify(event),
    )
    expect(structured.status).to.equal(200)
    expect(structured.headers.get('ce-type')).to.equal('test.echoed')
  })

  const malformed: [string, number, Record<string, string>, string][] = [
    ['no id', 400, { ...headers('test.echo'), 'ce-id': '' }, '{}'],
    [
      'no type',
      400,
      { 'ce-specversion': '1.0', 'ce-id': 'x', 'ce-source': '/x', 'content-type': 'application/json' },
      '{}',
    ],
    ['specversion 9.0', 400, headers('test.echo', { 'ce-specversion': '9.0' }), '{}'],
    ['structured, not JSON', 400, { 'content-type': 'application/cloudevents+json' }, 'nonsense'],
    ['a batch', 415, { 'content-type': 'application/cloudevents-batch+json' }, '[]'],
    ['no event at all', 400, { 'content-type': 'application/json' }, '{"a":1}'],
    ['a type nobody handles', 404, headers('test.unknown'), '{}'],
  ]
  it('refuses malformed events with a problem document', async () => {
    const { url } = await start()
    for (const [what, status, given, body] of malformed) {
      const answer = await post(url, given, body)
      expect(answer.status, what).to.equal(status)
      expect(answer.headers.get('content-type'), what).to.contain('application/problem+json')
      expect(await answer.json(), what).to.include({ status })
    }
  })

  it('cannot be told other headers or bodies by the query', async () => {
    const { url } = await start()
    const answer = await post(`${url}?method=GET&headers=x&body=y`, headers('test.echo'))
    expect(answer.status).to.equal(200)
    expect(await answer.json()).to.deep.equal({ waitMs: 0 })
  })

  it("answers 500 or 503, never a driver's code, and tells nothing of it", async () => {
    const { url } = await start()
    const driver = await post(url, headers('test.driver-error'))
    expect(driver.status).to.equal(500)
    expect(await driver.text()).to.not.match(/23505|secret|at .*\.ts/)
    const later = await post(url, headers('test.not-now'))
    expect(later.status).to.equal(503)
    expect(later.headers.get('retry-after')).to.equal('7')
  })

  it('says a refusal with a failed event and 200, so that the broker does not drop it', async () => {
    const { url } = await start()
    const answer = await post(url, headers('test.echo'), '{"waitMs":"long"}')
    expect(answer.status).to.equal(200)
    expect(answer.headers.get('ce-type')).to.equal('test.failed')
    expect(await answer.text()).to.contain('data.waitMs')
    const other = await post(url, { ...headers('test.echo'), 'content-type': 'application/xml' }, '<waitMs/>')
    expect([other.status, other.headers.get('ce-type')]).to.deep.equal([200, 'test.failed'])
    expect(await other.json()).to.deep.equal({
      detail: 'The data of test.echo is not usable: data: is not JSON.',
    })
  })

  it('names each dependency in readiness, and knows none in liveness', async () => {
    const { url } = await start()
    const live = await fetch(`${url}health/liveness`)
    expect([live.status, await live.json()]).to.deep.equal([200, { status: 'ok' }])
    const ready = await fetch(`${url}health/readiness`)
    expect([ready.status, await ready.json()]).to.deep.equal([
      503,
      { ready: false, checks: { good: 'ok', bad: 'it is away' } },
    ])
  })

  it('shows its metrics in the Prometheus format', async () => {
    const { url } = await start()
    await post(url, headers('test.echo'))
    const metrics = await fetch(`${url}metrics`)
    expect(metrics.headers.get('content-type')).to.contain('text/plain; version=0.0.4')
    expect(await metrics.text()).to.match(
      /soccer_event_duration_seconds_count\{function="test",type="test.echo",outcome="done"\} 1\n/,
    )
  })

  it('answers what is under way when SIGTERM comes, and then ends with 0', async () => {
    const one = await start()
    const answers = [1, 2, 3].map(() => post(one.url, headers('test.echo'), '{"waitMs":600}'))
    await fetch(`${one.url}health/liveness`)
    one.signal('SIGTERM')
    for (const answer of await Promise.all(answers)) expect(answer.status).to.equal(200)
    expect((await one.ended).code).to.equal(0)
  })

  for (const kind of ['test.unhandled-rejection', 'test.uncaught-exception']) {
    it(`ends non-zero with a stack after ${kind}`, async () => {
      const one = await start()
      await post(one.url, headers(kind)).catch(() => undefined)
      const { code, output } = await one.ended
      expect(code).to.equal(1)
      expect(output).to.contain('event-function.ts')
    })
  }
})
