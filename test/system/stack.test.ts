import { chmodSync, mkdtempSync, readFileSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { findFreePorts } from '../../scripts/start/ports.ts'
import { eventually } from '../support/eventually.ts'
import { ask, type Json, type Run, root, runScript, untilReady } from '../support/running-bundle.ts'

describe('npm run stack', function () {
  this.timeout(120_000)
  const folder = mkdtempSync(join(tmpdir(), 'soccer-stack-cli-'))
  // PostgreSQL runs as a user of its own when we are root.
  chmodSync(folder, 0o711)
  let stack: Run
  let url = ''

  before(async () => {
    const [port = 0] = await findFreePorts(21_000 + Math.floor(Math.random() * 5_000), 1)
    url = `http://127.0.0.1:${port}`
    stack = runScript('scripts/stack/main.ts', '--port', String(port), '--data', join(folder, 'data'))
    await untilReady(stack)
  })
  after(async () => {
    stack.child.kill('SIGKILL')
    await stack.ended
    rmSync(folder, { recursive: true, force: true })
  })

  const serverPids = () =>
    ['postgres', 'redis', 'rabbitmq'].map((name) => {
      const state = readFileSync(join(folder, 'data/services', name, 'state.json'), 'utf8')
      return (JSON.parse(state) as { process?: { pid: number } }).process?.pid
    })

  it('answers two clubs, a match of the site and a match that is none', async () => {
    expect((await ask(url, { home: 'Arsenal', away: 'Chelsea' })).body).to.include({ cache: 'computed' })
    expect((await ask(url, { home: 'Arsenal', away: 'Chelsea' })).body).to.include({ cache: 'hit' })
    const list = (await (await fetch(`${url}/predict/matches`)).json()) as Json
    const [match] = list['matches'] as unknown as { match_id: number }[]
    expect((await ask(url, { match_id: match?.match_id })).body).to.include({ cache: 'computed' })
    const unknown = await ask(url, { match_id: 999_999_999 })
    expect([unknown.status, unknown.body['code']]).to.deep.equal([404, 'unknown_match'])
  })

  it('starts a function again within seconds when one of its files changes', async () => {
    const now = new Date()
    const startedMs = Date.now()
    utimesSync(join(root, 'functions/infer/handlers.ts'), now, now)
    await eventually(() => stack.output().includes('infer runs the changed files'), 15_000)
    const again = await ask(url, { home: 'Arsenal', away: 'Everton' })
    expect(again.body).to.include({ cache: 'computed' })
    expect(Date.now() - startedMs).to.be.below(10_000)
    expect(stack.output()).to.not.include('scrape runs the changed files')
  })

  it('starts a process that was killed again', async () => {
    const pid = Number(/dispatch-infer (\d+)/.exec(stack.output())?.[1])
    process.kill(pid, 'SIGKILL')
    await eventually(() => stack.output().includes('ended with SIGKILL'), 10_000)
    expect((await ask(url, { home: 'Arsenal', away: 'Fulham' })).status).to.equal(200)
  })

  it('ends in order, with the servers it started', async () => {
    expect(serverPids().every((pid) => pid !== undefined)).to.equal(true)
    stack.child.kill('SIGTERM')
    expect(await stack.ended).to.equal(0)
    expect(serverPids()).to.deep.equal([undefined, undefined, undefined])
    // A function that was started again has stopped once before.
    const [, said = ''] = stack.output().split('(stack): stopping')
    const order = ['predict', 'dispatch-infer', 'infer', 'ingress'].map((name) =>
      said.search(new RegExp(`^${name} .*stopped`, 'm')),
    )
    expect(order.every((place) => place > 0)).to.equal(true)
    expect(order).to.deep.equal(order.toSorted((one, other) => one - other))
  })
})
