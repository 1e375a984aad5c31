import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { connect } from 'amqplib'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { identifyProcess, isRunning, listDescendants } from '../../scripts/services/identify-process.ts'
import { type ServiceName, serviceNames } from '../../scripts/services/service.ts'
import { startService } from '../../scripts/services/start-service.ts'
import { stopService } from '../../scripts/services/stop-service.ts'
import { findFreePorts } from '../../scripts/start/ports.ts'
import { eventually } from '../support/eventually.ts'
import { rejectionOf } from '../support/rejection.ts'
import { root } from '../support/running-bundle.ts'
import { useTemporaryFolder } from '../support/temporary-folder.ts'

const own = { PATH: process.env['PATH'], HOME: process.env['HOME'] }

const serverOf = (url: string) => new URL(url).port

describe('services', function () {
  this.timeout(90_000)

  let foreign: ChildProcess | undefined
  // Before the folder goes: hooks run in the order in which they are given.
  afterEach(async () => {
    for (const name of serviceNames) await stopService(name, folder())
    if (foreign?.exitCode === null && foreign.signalCode === null) {
      foreign.kill('SIGKILL')
      await once(foreign, 'exit')
    }
    foreign = undefined
  })
  const folder = useTemporaryFolder()

  /** What the command does with a person's own variables is told by each test. */
  const services = (args: readonly string[], variables: Record<string, string> = {}) => {
    const all = [join(root, 'scripts/services/main.ts'), ...args, '--folder', folder()]
    return new Promise<{ code: number; output: string; error: string }>((resolve) => {
      execFile(process.execPath, all, { env: { ...own, ...variables } }, (error, output, said) =>
        resolve({ code: error ? Number(error.code) : 0, output, error: said }),
      )
    })
  }
  const start = (name: ServiceName, variables: Record<string, string> = {}) =>
    startService(name, {
      folder: folder(),
      environment: { ...own, ...variables },
      tell: () => undefined,
      durable: false,
    })
  const stateFile = (name: ServiceName) => folder(name, 'state.json')
  const readState = (name: ServiceName) =>
    JSON.parse(readFileSync(stateFile(name), 'utf8')) as {
      ports: Record<string, number>
      secrets: Record<string, string>
      process?: { pid: number; startTicks: number; bootId: string }
    }
  const kill = async (pid: number | undefined) => {
    const killed = identifyProcess(pid ?? 0)
    if (killed === undefined) throw new Error(`there is no process ${pid}`)
    process.kill(killed.pid, 'SIGKILL')
    await eventually(() => !isRunning(killed))
    return killed
  }
  const startForeignRedis = async (...args: string[]) => {
    const [port = 0] = await findFreePorts(30_000 + Math.floor(Math.random() * 2_000), 1)
    const child = spawn(
      'redis-server',
      ['--port', String(port), '--bind', '127.0.0.1', '--save', '', ...args],
      {
        stdio: 'ignore',
      },
    )
    foreign = child
    return { child, port }
  }
  const withRedis = async <T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> => {
    const client = new Redis(url)
    try {
      return await work(client)
    } finally {
      client.disconnect()
    }
  }
  const query = async (url: string, text: string) => {
    const client = new Client({ connectionString: url })
    await client.connect()
    try {
      return (await client.query<Record<string, unknown>>(text)).rows
    } finally {
      await client.end()
    }
  }

  it('starts, says so without passwords, starts nothing twice, and stops', async () => {
    const first = await services(['up', 'redis', 'nginx'])
    expect(first.code, first.error).to.equal(0)
    const { process: redis, ports, secrets } = readState('redis')
    expect(statSync(stateFile('redis')).mode & 0o777).to.equal(0o600)
    expect(first.output).to.contain(`redis://:***@127.0.0.1:${ports['main']}`)

    expect((await services(['up', 'redis', 'nginx'])).code).to.equal(0)
    expect(readState('redis').process).to.deep.equal(redis)

    const status = await services(['status', 'redis', 'nginx'])
    expect(status.code).to.equal(0)
    expect(status.output).to.match(/^redis +ours +up .* \d+ +\d+\.\d+\.\d+$/m)
    const told = [first, status, await services(['logs', 'redis'])].map(({ output, error }) => output + error)
    expect(told.join('')).to.contain('Ready to accept connections').and.not.contain(secrets['password'])

    const variables = await services(['env', 'redis'])
    const url = `redis://:${secrets['password']}@127.0.0.1:${ports['main']}`
    expect(variables.output).to.equal(`export REDIS_URL='${url}'\n`)
    expect(await withRedis(url, (client) => client.ping())).to.equal('PONG')

    const down = await services(['down'])
    expect(down.code).to.equal(0)
    expect(down.output.trim().split('\n').sort()).to.deep.equal(['nginx stopped', 'redis stopped'])
    expect(identifyProcess(redis?.pid ?? 0)).to.equal(undefined)
    expect((await services(['status', 'redis'])).code).to.equal(1)
    expect((await services(['down'])).output).to.equal('')
  })

  it('starts a killed Redis and PostgreSQL again with the same address and the same data', async () => {
    const [redis, postgres] = await Promise.all([start('redis'), start('postgres')])
    await withRedis(redis.url, (client) => client.set('key', 'kept'))
    await query(postgres.url, 'create table kept as select 7 as n')
    await Promise.all([kill(redis.pid), kill(postgres.pid)])
    const status = await services(['status', 'redis'])
    expect(status.code).to.equal(1)
    expect(status.output).to.contain(`process ${redis.pid} has ended unasked`)

    const [redisAgain, postgresAgain] = await Promise.all([start('redis'), start('postgres')])
    expect([redisAgain.url, postgresAgain.url]).to.deep.equal([redis.url, postgres.url])
    expect(redisAgain.pid).not.to.equal(redis.pid)
    expect(await withRedis(redis.url, (client) => client.get('key'))).to.equal('kept')
    expect(await query(postgres.url, 'select n from kept')).to.deep.equal([{ n: 7 }])
    await redis.stop()
    expect((await services(['status', 'redis'])).code).to.equal(1)
  })

  it('starts a killed RabbitMQ again with what it held, and leaves nothing behind at its end', async () => {
    const before = await start('rabbitmq')
    const connection = await connect(before.url)
    const channel = await connection.createConfirmChannel()
    await channel.assertQueue('kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } })
    channel.sendToQueue('kept', Buffer.from('kept'), { persistent: true })
    await channel.waitForConfirms()
    // The broker forgets a queue of this kind that it declared within the last second before it is killed.
    const written = () =>
      globSync(folder('rabbitmq/data/*/quorum/*/names.dets')).map((file) => readFileSync(file))
    await eventually(() => written().some((names) => names.includes('_kept')))
    connection.on('error', () => undefined)
    const gone = new Promise((resolve) => connection.on('close', resolve))
    const killed = await kill(before.pid)
    await gone
    expect(listDescendants(killed).length, 'its name server').to.be.above(0)

    const after = await start('rabbitmq')
    expect({ url: after.url, urls: after.urls }).to.deep.equal({ url: before.url, urls: before.urls })
    const again = await connect(after.url)
    const reader = await again.createChannel()
    const message = await reader.get('kept', { noAck: true })
    expect(message && message.content.toString()).to.equal('kept')
    await again.close()

    const broker = identifyProcess(after.pid ?? 0)
    if (broker === undefined) throw new Error('the broker has ended')
    const nameServers = listDescendants(broker)
    await after.stop()
    expect([broker, ...nameServers, ...listDescendants(killed)].filter(isRunning)).to.deep.equal([])
  })

  it('only asks a server that is given, and leaves it alone', async () => {
    const { child, port } = await startForeignRedis()
    const given = { REDIS_URL: `redis://127.0.0.1:${port}` }
    await eventually(async () => (await services(['status', 'redis'], given)).code === 0, 20_000)
    expect((await services(['up', 'redis'], given)).output).to.contain('answers (REDIS_URL)')
    expect((await services(['status', 'redis'], given)).output).to.match(/^redis +given +up/m)
    expect((await services(['down'], given)).output).to.equal(
      'redis is not ours (REDIS_URL) and was left alone\n',
    )
    expect([child.exitCode, child.signalCode]).to.deep.equal([null, null])

    child.kill('SIGKILL')
    await once(child, 'exit')
    const away = await services(['up', 'redis'], given)
    expect([away.code, away.output]).to.deep.equal([1, ''])
    expect(away.error).to.contain(
      `Redis at 127.0.0.1:${port} does not answer as it should (connect ECONNREFUSED`,
    )
    expect((await services(['up', 'redis'], { REDIS_URL: 'localhost' })).code).to.equal(2)
  })

  it('takes a given address that is our own for ours', async () => {
    const redis = await start('redis')
    await kill(redis.pid)
    const again = await start('redis', { REDIS_URL: redis.url })
    expect([again.ours, again.url]).to.deep.equal([true, redis.url])
  })

  it('says that a password is wrong without saying it', async () => {
    const { port } = await startForeignRedis('--requirepass', 'right')
    const postgres = await start('postgres')
    const rabbitmq = process.env['TEST_RABBITMQ_URL']
    if (rabbitmq === undefined) throw new Error('npm test starts a RabbitMQ; set TEST_RABBITMQ_URL.')
    const wrong: [ServiceName, string, string][] = [
      ['redis', 'REDIS_URL', `redis://:geheim@127.0.0.1:${port}`],
      ['postgres', 'DATABASE_URL', `postgresql://postgres:geheim@127.0.0.1:${serverOf(postgres.url)}/soccer`],
      ['rabbitmq', 'RABBITMQ_URL', `amqp://nobody:geheim@127.0.0.1:${serverOf(rabbitmq)}`],
    ]
    for (const [name, variable, url] of wrong) {
      const error = await rejectionOf(start(name, { [variable]: url }))
      expect(String(error)).to.contain('refuses the user or the password').and.not.contain('geheim')
    }
  })

  it('never takes a process for its own that has only the same number', async () => {
    const redis = await start('redis')
    await redis.stop()
    const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' })
    foreign = stranger
    const found = identifyProcess(stranger.pid ?? 0)
    if (found === undefined) throw new Error('sleep does not run')
    for (const other of [{ startTicks: found.startTicks - 1 }, { bootId: 'another start of the machine' }]) {
      writeFileSync(
        stateFile('redis'),
        JSON.stringify({ ...readState('redis'), durable: true, process: { ...found, ...other } }),
      )
      expect((await services(['status', 'redis'])).code).to.equal(1)
      expect(await stopService('redis', folder())).to.equal(false)
      writeFileSync(
        stateFile('redis'),
        JSON.stringify({ ...readState('redis'), durable: true, process: { ...found, ...other } }),
      )
      const again = await start('redis')
      expect(again.pid).not.to.equal(stranger.pid)
      await again.stop()
      expect(isRunning(found)).to.equal(true)
    }
  })

  it('starts one server however many ask at once', async () => {
    const both = await Promise.all([start('redis'), start('redis')])
    expect(both[0].pid).to.equal(both[1].pid)
    expect(both.map(({ started }) => started).sort()).to.deep.equal([false, true])
  })

  it('takes another port where somebody else has taken its own', async () => {
    const redis = await start('redis')
    await redis.stop()
    const taker: Server = createServer()
    await new Promise<void>((resolve) => void taker.listen(Number(serverOf(redis.url)), '127.0.0.1', resolve))
    try {
      const { port } = taker.address() as AddressInfo
      const moved = await services(['up', 'redis'])
      expect(moved.code).to.equal(0)
      expect(moved.error).to.contain(`another program has taken port ${port}`)
      expect(readState('redis').ports['main']).not.to.equal(port)
    } finally {
      taker.close()
    }
  })

  it('shows the end of the log of a server that does not start', async () => {
    const redis = await start('redis')
    await redis.stop()
    writeFileSync(folder('redis', 'appendonlydir', 'appendonly.aof.manifest'), 'nonsense')
    const error = await rejectionOf(start('redis'))
    expect(String(error)).to.contain('Redis has ended').and.contain('AOF')
    expect(readState('redis').process).to.equal(undefined)
  })

  it('is told how to be used', async () => {
    expect((await services(['--help'])).output).to.contain('npm run services -- COMMAND')
    for (const args of [[], ['fly'], ['up', 'mysql']]) expect((await services(args)).code).to.equal(2)
    expect((await services(['logs'])).code).to.equal(1)
    expect((await services(['env', 'redis'])).code).to.equal(1)
  })
})
