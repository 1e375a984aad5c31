import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { z } from 'zod'
import { type Database, openDatabase } from '../../functions/runtime/database/database.ts'
import { migrate } from '../../functions/runtime/database/migrate.ts'
import type { Querying } from '../../functions/runtime/database/statements.ts'
import { NotNowError } from '../../functions/runtime/errors/errors.ts'
import { recordLog } from '../support/recorded-log.ts'
import { rejectionOf } from '../support/rejection.ts'

export interface TestServer {
  readonly url: string
  stop(): Promise<void>
}

const nothing = z.unknown()
const run = (on: Querying, text: string, ...values: unknown[]) =>
  on.query({ name: 'test', text, values }, nothing)
const count = async (on: Querying, table: string) => {
  const row = z.object({ n: z.coerce.number() })
  const [found] = await on.query(
    { name: 'count', text: `select count(*) as n from ${table}`, values: [] },
    row,
  )
  return found?.n
}

/** Every PostgreSQL behaves so. `start` gives one whose public schema is empty. */
export function describeDatabase(name: string, start: () => Promise<TestServer>): void {
  describe(`database: ${name}`, function () {
    this.timeout(60_000)
    let server: TestServer
    let database: Database
    before(async () => {
      server = await start()
    })
    after(() => server.stop())
    beforeEach(async () => {
      database = await openDatabase({ url: server.url, log: recordLog(), poolSize: 5 })
      await run(database, 'create table numbers (n integer primary key, word text)')
    })
    afterEach(async () => {
      await run(database, 'drop schema public cascade; create schema public')
      await database.close()
    })

    describeStatements(() => database)
    describeTransactions(() => database)
    describeMigrations(() => ({ database, url: server.url }))

    it('says NotNowError once it is closed, however often', async () => {
      const other = await openDatabase({ url: server.url, log: recordLog() })
      await other.ping()
      await Promise.all([other.close(), other.close()])
      for (const refused of [
        other.ping(),
        run(other, 'select 1'),
        other.transaction(() => Promise.resolve()),
      ]) {
        const error = await rejectionOf(refused)
        expect(error).to.be.instanceOf(NotNowError)
        expect(error).to.include({ code: 'database_unavailable' })
      }
    })
  })
}

function describeStatements(database: () => Database): void {
  it('reads rows through the schema', async () => {
    const row = z.object({
      id: z.string(),
      at: z.date(),
      document: z.object({ a: z.number() }),
      gone: z.null(),
    })
    const text = 'select $1::bigint as id, $2::timestamptz as at, $3::jsonb as document, null as gone'
    const values = [9_007_199_254_740_993n, new Date('2026-11-23T12:00:00Z'), JSON.stringify({ a: 1 })]
    const rows = await database().query({ name: 'types', text, values }, row)
    expect(rows).to.deep.equal([
      { id: '9007199254740993', at: new Date('2026-11-23T12:00:00Z'), document: { a: 1 }, gone: null },
    ])
  })

  it('names the statement and the column of a row that is not as expected', async () => {
    const statement = { name: 'read-word', text: "select 'hidden-value' as word", values: [] }
    const error = await rejectionOf(database().query(statement, z.object({ word: z.number() })))
    expect(error)
      .to.match(/read-word/)
      .and.match(/word/)
      .and.not.match(/hidden-value/)
  })

  it('names the failed statement, keeps the cause and tells no value', async () => {
    const statement = { name: 'add-number', text: 'select $1::integer', values: ['hidden-value'] }
    const error = await rejectionOf(database().query(statement, nothing))
    expect(error).to.be.instanceOf(Error).and.not.instanceOf(NotNowError)
    expect(error)
      .to.match(/add-number/)
      .and.match(/22P02/)
      .and.not.match(/hidden-value/)
    expect((error as Error).cause).to.be.instanceOf(Error)
  })

  it('runs a text of several statements that has no values', async () => {
    await run(database(), 'insert into numbers values (1, null); insert into numbers values (2, null)')
    expect(await count(database(), 'numbers')).to.equal(2)
  })

  it('never mixes what runs at the same time, failures and large values included', async () => {
    const large = 'y'.repeat(1_000_000)
    const ask = async (n: number) => {
      if (n % 7 === 0)
        return rejectionOf(run(database(), n % 2 === 0 ? 'selec $1' : 'select 1 / $1::integer', 0))
      const text = `select $1::text as w${n}, $2::integer as n`
      const word = n % 10 === 0 ? large : `word ${n}`
      expect(await run(database(), text, word, n)).to.deep.equal([{ [`w${n}`]: word, n }])
      return undefined
    }
    const failures = await Promise.all(Array.from({ length: 200 }, (_, n) => ask(n)))
    expect(failures.filter((failure) => /22012/.test(String(failure)))).to.have.length(14)
    expect(failures.filter((failure) => /42601/.test(String(failure)))).to.have.length(15)
  })
}

function describeTransactions(database: () => Database): void {
  it('commits what the work did and gives back its result', async () => {
    const result = await database().transaction(async (transaction) => {
      await run(transaction, 'insert into numbers values (1, $1)', 'one')
      return 'done'
    })
    expect(result).to.equal('done')
    expect(await count(database(), 'numbers')).to.equal(1)
  })

  it('undoes everything and throws the same when the work throws', async () => {
    const boom = new Error('boom')
    const error = await rejectionOf(
      database().transaction(async (transaction) => {
        await run(transaction, 'insert into numbers values (1, null)')
        throw boom
      }),
    )
    expect(error).to.equal(boom)
    expect(await count(database(), 'numbers')).to.equal(0)
  })

  it('does not call a transaction done in which a statement failed', async () => {
    const error = await rejectionOf(
      database().transaction(async (transaction) => {
        await run(transaction, 'insert into numbers values (1, null)')
        await rejectionOf(run(transaction, 'insert into numbers values (1, null)'))
      }),
    )
    expect(error).to.match(/passed over/)
    expect(await count(database(), 'numbers')).to.equal(0)
  })

  it('keeps transactions apart, more of them than connections', async () => {
    const add = (n: number) =>
      database().transaction(async (transaction) => {
        await run(transaction, 'insert into numbers values ($1, null)', n)
        await run(transaction, 'select 1')
        if (n % 3 === 0) throw new Error('undo')
      })
    await Promise.allSettled(Array.from({ length: 30 }, (_, n) => add(n)))
    const row = z.object({ n: z.number() })
    const rows = await database().query({ name: 'all', text: 'select n from numbers', values: [] }, row)
    const expected = [1, 2, 4, 5, 7, 8, 10, 11, 13, 14, 16, 17, 19, 20, 22, 23, 25, 26, 28, 29]
    expect(rows.map(({ n }) => n).toSorted((a, b) => a - b)).to.deep.equal(expected)
  })
}

function describeMigrations(open: () => { database: Database; url: string }): void {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'soccer-migrations-'))
  })
  afterEach(() => rm(folder, { recursive: true }))
  const write = (file: string, sql: string) => writeFile(join(folder, file), sql)

  it('applies each migration once, in order', async () => {
    await write('000002-second.sql', 'insert into first values (1); insert into first values (2)')
    await write('000001-first.sql', 'create table first (id integer)')
    await write('notes.md', 'no migration')
    expect(await migrate(open().database, folder)).to.deep.equal({ applied: [1, 2], current: 2 })
    await write('000003-third.sql', 'create table third (id integer)')
    expect(await migrate(open().database, folder)).to.deep.equal({ applied: [3], current: 3 })
    expect(await migrate(open().database, folder)).to.deep.equal({ applied: [], current: 3 })
    expect(await count(open().database, 'first')).to.equal(2)
  })

  it('lets several processes try at once', async () => {
    await write('000001-first.sql', 'create table first (id integer)')
    await write('000002-second.sql', 'insert into first values (1)')
    const others = await Promise.all([1, 2].map(() => openDatabase({ url: open().url, log: recordLog() })))
    const results = await Promise.all(
      [open().database, ...others].map((database) => migrate(database, folder)),
    )
    await Promise.all(others.map((database) => database.close()))
    expect(results.flatMap(({ applied }) => applied).toSorted((a, b) => a - b)).to.deep.equal([1, 2])
    expect(await count(open().database, 'first')).to.equal(1)
  })

  it('leaves nothing of a migration that fails, and goes on from there', async () => {
    await write('000001-first.sql', 'create table first (id integer)')
    await write('000002-second.sql', 'create table second (id integer); select 1 / 0')
    expect(await rejectionOf(migrate(open().database, folder))).to.match(/migration 2 second/)
    expect(await rejectionOf(count(open().database, 'second'))).to.match(/42P01/)
    await write('000002-second.sql', 'create table second (id integer)')
    expect(await migrate(open().database, folder)).to.deep.equal({ applied: [2], current: 2 })
  })

  it('refuses a file that was changed after it was applied', async () => {
    await write('000001-first.sql', 'create table first (id integer)')
    await migrate(open().database, folder)
    await write('000001-first.sql', 'create table first (id bigint)')
    const error = await rejectionOf(migrate(open().database, folder))
    expect(error)
      .to.match(/000001-first\.sql/)
      .and.match(/write a new migration/)
  })

  it('refuses wrong names, gaps and numbers that stand twice, before it does anything', async () => {
    await write('000001-first.sql', 'create table first (id integer)')
    await write('000003-third.sql', 'select 1')
    expect(await rejectionOf(migrate(open().database, folder))).to.match(/000002 is missing/)
    await write('000002-a.sql', 'select 1')
    await write('000002-b.sql', 'select 1')
    expect(await rejectionOf(migrate(open().database, folder))).to.match(/000002-b\.sql has a number/)
    await rm(join(folder, '000002-b.sql'))
    await write('4-fourth.sql', 'select 1')
    expect(await rejectionOf(migrate(open().database, folder))).to.match(/4-fourth\.sql must be named/)
    expect(await rejectionOf(count(open().database, 'first'))).to.match(/42P01/)
  })

  it('lets an older release run on the schema of a newer one', async () => {
    await write('000001-first.sql', 'create table first (id integer)')
    await write('000002-second.sql', 'create table second (id integer)')
    await migrate(open().database, folder)
    await rm(join(folder, '000002-second.sql'))
    expect(await migrate(open().database, folder)).to.deep.equal({ applied: [], current: 2 })
  })
}
