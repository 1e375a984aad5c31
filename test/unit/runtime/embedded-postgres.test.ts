import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { expect } from 'chai'
import { Client } from 'pg'
import { z } from 'zod'
import { type Database, openDatabase } from '../../../functions/runtime/database/database.ts'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../../functions/runtime/database/embedded-postgres.ts'
import { killWhileCounting } from '../../support/kill-while-counting.ts'
import { recordLog } from '../../support/recorded-log.ts'
import { rejectionOf } from '../../support/rejection.ts'
import { useTemporaryFolder } from '../../support/temporary-folder.ts'

const socketDirOf = ({ url }: EmbeddedPostgres) => new URL(url).searchParams.get('host') ?? ''
const socketOf = (embedded: EmbeddedPostgres) => `${socketDirOf(embedded)}/.s.PGSQL.5432`

async function numbersIn(database: Database): Promise<number[]> {
  const statement = { name: 'numbers', text: 'select n from counted order by n', values: [] }
  const rows = await database.query(statement, z.object({ n: z.number() }))
  return rows.map(({ n }) => n)
}

describe('embedded PostgreSQL', function () {
  this.timeout(120_000)
  const path = useTemporaryFolder()
  const opened: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const close of opened.splice(0).toReversed()) await close()
  })

  async function start(): Promise<EmbeddedPostgres> {
    const embedded = await startEmbeddedPostgres(path('data'))
    opened.push(() => embedded.stop())
    return embedded
  }
  async function open(embedded: EmbeddedPostgres): Promise<Database> {
    const database = await openDatabase({ url: embedded.url, log: recordLog() })
    opened.push(() => database.close())
    return database
  }
  /** A client of its own, whose loss is expected. */
  async function connectClient({ url }: EmbeddedPostgres) {
    const client = new Client(url)
    client.on('error', () => undefined)
    await client.connect()
    const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
    const vanish = () => connection.stream.destroy()
    return { client, vanish }
  }

  it('loses nothing that was committed when the process is killed, three times over', async () => {
    let last = -1
    for (const killAt of [150, 300, 450]) {
      last = await killWhileCounting('insert-until-killed.ts', path('data'), killAt)
      expect(last).to.be.at.least(killAt)
    }
    const numbers = await numbersIn(await open(await start()))
    expect(numbers.slice(0, last + 1)).to.deep.equal(Array.from({ length: last + 1 }, (_, n) => n))
    // One insert may have been committed without our having heard of it.
    expect(numbers.length).to.be.at.most(last + 2)
  })

  it('serves on after clients that vanish, talk nonsense or ask for what it cannot do', async () => {
    const embedded = await start()
    const database = await open(embedded)
    const run = (text: string) => database.query({ name: 'test', text, values: [] }, z.unknown())
    await run('create table counted (n integer primary key)')
    for (let round = 0; round < 10; round += 1) {
      const { client, vanish } = await connectClient(embedded)
      await client.query('begin')
      await client.query('insert into counted values ($1)', [round])
      if (round % 2 === 0) client.query('insert into counted values (1000)').catch(() => undefined)
      vanish()
      await database.ping()
    }
    for (const text of ['select 1', 'selec']) {
      const { client, vanish } = await connectClient(embedded)
      const { connection } = client as unknown as { connection: { parse(query: object): void } }
      connection.parse({ text, name: '', types: [] })
      await new Promise((resolve) => setTimeout(resolve, 20))
      vanish()
      await database.ping()
    }
    const { client } = await connectClient(embedded)
    expect(await rejectionOf(client.query('copy counted from stdin'))).to.match(/COPY FROM STDIN cannot/)
    await new Promise<void>((resolve) => {
      const stranger = connect(socketOf(embedded), () => stranger.write('GET / HTTP/1.1\r\n\r\n'))
      stranger.once('close', () => resolve())
      stranger.resume()
    })
    expect(await numbersIn(database)).to.deep.equal([])
  })

  it('waits for a transaction of another client, and turns away the 65th', async () => {
    const embedded = await start()
    const holder = await connectClient(embedded)
    await holder.client.query('begin')
    const waiting = Array.from({ length: 63 }, () => {
      const client = new Client(embedded.url)
      client.on('error', () => undefined)
      return { client, connected: client.connect() }
    })
    const late = new Client(embedded.url)
    late.on('error', () => undefined)
    expect(await rejectionOf(late.connect())).to.include({ code: '53300' })
    await holder.client.query('commit')
    for (const { client, connected } of waiting) {
      await connected
      expect((await client.query('select 1 as one')).rows).to.deep.equal([{ one: 1 }])
      await client.end()
    }
    await holder.client.end()
  })

  it('keeps its socket to this user and removes it', async () => {
    const embedded = await startEmbeddedPostgres(path('deep', 'data'))
    const folder = socketDirOf(embedded)
    expect(statSync(folder).mode & 0o777).to.equal(0o700)
    expect(statSync(path('deep', 'data')).mode & 0o777).to.equal(0o700)
    await embedded.stop()
    await embedded.stop()
    expect(existsSync(folder)).to.equal(false)
  })

  it('lets one process have a folder, and gives it back', async () => {
    const first = await startEmbeddedPostgres(path('data'))
    expect(await rejectionOf(startEmbeddedPostgres(path('data')))).to.match(/is in use: process \d+/)
    const database = await openDatabase({ url: first.url, log: recordLog() })
    await database.ping()
    await database.close()
    await first.stop()
    await (await open(await start())).ping()
  })

  it('says which folder it cannot start on', async () => {
    mkdirSync(path('data'))
    writeFileSync(path('data', 'PG_VERSION'), '9.6')
    expect(await rejectionOf(startEmbeddedPostgres(path('data')))).to.match(/cannot start on/)
    writeFileSync(path('file'), '')
    expect(await rejectionOf(startEmbeddedPostgres(path('file')))).to.match(/cannot start on/)
  })
})
