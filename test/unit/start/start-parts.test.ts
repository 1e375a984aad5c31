import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { FolderInUseError, lockFolder } from '../../../functions/runtime/lifecycle/folder-lock.ts'
import { markRun } from '../../../scripts/start/func-runs.ts'
import { readOptions } from '../../../scripts/start/options.ts'
import { findFreePorts, isFree } from '../../../scripts/start/ports.ts'
import { makeTriggers } from '../../../scripts/start/triggers.ts'
import { UsageError } from '../../../scripts/usage-error.ts'
import { useTemporaryFolder } from '../../support/temporary-folder.ts'

async function listenSomewhere() {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  }
}

describe('the options of npm start', () => {
  it('have defaults', () => {
    const nothing = { help: false, port: undefined, host: '127.0.0.1', data: undefined, fresh: false }
    expect(readOptions([])).to.deep.equal(nothing)
    const all = ['--port', '9000', '--host', '0.0.0.0', '--data', 'x', '--fresh', '-h']
    expect(readOptions(all)).to.deep.equal({
      help: true,
      port: 9000,
      host: '0.0.0.0',
      data: 'x',
      fresh: true,
    })
  })

  for (const args of [
    ['--port', '0'],
    ['--port', 'http'],
    ['--port', '70000'],
    ['--port'],
    ['--data', ''],
    ['now'],
    ['--x'],
  ]) {
    it(`refuse ${args.join(' ')}`, () => {
      expect(() => readOptions(args)).to.throw(UsageError)
    })
  }
})

describe('ports', () => {
  it('that are in use are stepped over', async () => {
    const taken = await listenSomewhere()
    expect(await isFree(taken.port)).to.equal(false)
    const found = await findFreePorts(taken.port, 2)
    expect(found).to.have.length(2)
    expect(found).to.not.include(taken.port)
    await taken.close()
    expect(await isFree(taken.port)).to.equal(true)
  })
})

describe('the lock of a folder', () => {
  const folder = useTemporaryFolder()

  it('lets one in, tells the other who that is, and is free again afterwards', async () => {
    const lock = await lockFolder(folder())
    lock.announce('process 1 serves it at http://localhost:1')
    const thrown: unknown = await lockFolder(folder()).catch((error: unknown) => error)
    expect(thrown).to.be.instanceOf(FolderInUseError)
    expect((thrown as Error).message).to.contain('process 1 serves it at http://localhost:1')
    await lock.release()
    await (await lockFolder(folder())).release()
  })

  it('ends with a process that is killed', async () => {
    const module = fileURLToPath(
      new URL('../../../functions/runtime/lifecycle/folder-lock.ts', import.meta.url),
    )
    const code = `const { lockFolder } = await import(${JSON.stringify(module)})
      await lockFolder(${JSON.stringify(folder())}); console.log('locked'); setInterval(() => {}, 1e9)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    expect(await lockFolder(folder()).catch((error: unknown) => error)).to.be.instanceOf(FolderInUseError)
    child.kill('SIGKILL')
    await once(child, 'exit')
    await (await lockFolder(folder())).release()
  })
})

describe('the marks for func', () => {
  const folder = useTemporaryFolder()

  it('name the port, sweep out what was left behind, and leave other running functions alone', async () => {
    const other = await listenSomewhere()
    const [abandoned = 0] = await findFreePorts(other.port + 1, 1)
    const runs = (port: number) => folder('.func', 'runs', String(port))
    for (const port of [other.port, abandoned]) mkdirSync(runs(port), { recursive: true })
    const remove = await markRun(folder(), 1)
    expect([1, other.port, abandoned].map((port) => existsSync(runs(port)))).to.deep.equal([
      true,
      true,
      false,
    ])
    remove()
    expect(existsSync(runs(1))).to.equal(false)
    await other.close()
  })
})

describe('the triggers', () => {
  it('send each kind to whom the catalogue names, one page at a time', () => {
    const triggers = makeTriggers({ predict: 'http://p', scrape: 'http://s', infer: 'http://i' })
    expect(triggers.map((trigger) => trigger.name).toSorted()).to.deep.equal([
      'infer-match-scraped',
      'infer-prediction-requested',
      'predict-match-failed',
      'predict-prediction-failed',
      'scrape-fixtures-requested',
      'scrape-match-requested',
    ])
    for (const trigger of triggers) expect(trigger.filter).to.have.keys(['type'])
    expect(
      triggers.filter((trigger) => trigger.parallelism === 1).map((trigger) => trigger.name),
    ).to.deep.equal(['scrape-match-requested', 'scrape-fixtures-requested'])
  })
})
