import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { z } from 'zod'
import {
  type Database,
  type DatabaseOptions,
  openDatabase,
} from '../../functions/runtime/database/database.ts'
import type { Querying } from '../../functions/runtime/database/statements.ts'
import { NotNowError } from '../../functions/runtime/errors/errors.ts'
import { recordLog } from '../support/recorded-log.ts'
import { rejectionOf } from '../support/rejection.ts'
import type { TestServer } from './database.ts'

const run = (on: Querying, text: string, ...values: unknown[]) =>
  on.query({ name: 'test', text, values }, z.unknown())
const session = async (on: Querying) => {
  const statement = { name: 'session', text: 'select pg_backend_pid() as pid', values: [] }
  const [row] = await on.query(statement, z.object({ pid: z.number() }))
  return row?.pid
}

/** What a server with processes of its own can do to us; the embedded one cannot. */
export function describeDatabaseFaults(name: string, start: () => Promise<TestServer>): void {
  describe(`database faults: ${name}`, function () {
    this.timeout(30_000)
    let server: TestServer
    const opened: Database[] = []
    before(async () => {
      server = await start()
    })
    after(() => server.stop())
    afterEach(async () => {
      for (const database of opened.splice(0)) await database.close()
    })
    const open = async (more: Partial<DatabaseOptions> = {}) => {
      const database = await openDatabase({ url: server.url, log: recordLog(), ...more })
      opened.push(database)
      return database
    }

    it('survives the loss of a connection between two statements of a transaction', async () => {
      const [database, other] = [await open({ poolSize: 1 }), await open()]
      const error = await rejectionOf(
        database.transaction(async (transaction) => {
          await run(other, 'select pg_terminate_backend($1)', await session(transaction))
          await sleep(50)
          await run(transaction, 'select 1')
        }),
      )
      expect(error).to.be.instanceOf(NotNowError)
      await database.ping()
    })

    it('survives the loss of an idle connection', async () => {
      const [database, other] = [await open({ poolSize: 1 }), await open()]
      await run(other, 'select pg_terminate_backend($1)', await session(database))
      await sleep(50)
      await database.ping()
    })

    it('cuts off a statement that takes too long, and gives one that may the time it needs', async () => {
      const database = await open({ statementTimeoutMs: 100, poolSize: 1 })
      expect(await rejectionOf(run(database, 'select pg_sleep(5)'))).to.be.instanceOf(NotNowError)
      await database.ping()
      await database.transaction(async (transaction) => {
        await run(transaction, "select set_config('statement_timeout', '5000', true)")
        const slow = { name: 'slow', text: 'select pg_sleep(1.5)', values: [], timeoutMs: 6_000 }
        await transaction.query(slow, z.unknown())
      })
    })

    it('gives up a connection whose server has stopped speaking', async () => {
      const database = await open({ poolSize: 1, statementTimeoutMs: 0 })
      const before = await session(database)
      const silent = { name: 'silent', text: 'select pg_sleep(3)', values: [], timeoutMs: 100 }
      expect(await rejectionOf(database.query(silent, z.unknown()))).to.be.instanceOf(NotNowError)
      expect(await session(database)).not.to.equal(before)
    })

    it('waits for a free connection only so long', async () => {
      const database = await open({ poolSize: 1, connectTimeoutMs: 100 })
      await database.transaction(async () => {
        expect(await rejectionOf(database.ping())).to.be.instanceOf(NotNowError)
      })
    })

    it('cuts off, when closing, what does not end', async () => {
      const database = await open({ poolSize: 1 })
      const slow = rejectionOf(run(database, 'select pg_sleep(9)'))
      await sleep(50)
      const began = Date.now()
      await database.close()
      expect(Date.now() - began).to.be.within(4_500, 7_000)
      expect(await slow).to.be.instanceOf(NotNowError)
    })
  })
}
