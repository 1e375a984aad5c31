import { Pool, type PoolConfig } from 'pg'
import { z } from 'zod'
import { ConfigError } from '../errors/errors.ts'
import type { Log } from '../logging/logger.ts'
import { createPoolLeases } from './pool-leases.ts'
import { type Querying, runStatement, runTransaction, sendStatement } from './statements.ts'

export interface Database extends Querying {
  /** Commits what `work` did, or, when it throws, undoes it and throws the same. */
  transaction<T>(work: (transaction: Querying) => Promise<T>): Promise<T>
  /** Throws NotNowError `database_unavailable`. */
  ping(): Promise<void>
  /** Waits for statements under way, up to 5 s, then cuts them off. */
  close(): Promise<void>
}

export interface DatabaseOptions {
  /** `postgresql://…`; a folder of a UNIX socket as `?host=`. */
  readonly url: string
  readonly log: Log
  readonly poolSize?: number
  /** Also the longest wait for a free connection of the pool. */
  readonly connectTimeoutMs?: number
  readonly statementTimeoutMs?: number
}

/** The server's own deadline comes first, so that its answer is the one we see. */
const serverAnswersWithinMs = 1_000
const pingTimeoutMs = 2_000
const idleInTransactionMs = 30_000
const oldestVersion = 140_000
const versionRow = z.object({ version: z.number() })
const askVersion = {
  name: 'version',
  text: "select current_setting('server_version_num')::int as version",
  values: [],
  timeoutMs: pingTimeoutMs,
}

/**
 * Opens a pool and proves that it answers and is young enough.
 * @throws ConfigError; NotNowError `database_unavailable`
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const leases = createPoolLeases(new Pool(poolConfig(options)), options.log)
  const database: Database = {
    query: (statement, rowSchema) => leases.lend((lease) => runStatement(lease, statement, rowSchema)),
    transaction: (work) => leases.lend((lease) => runTransaction(lease, work)),
    async ping() {
      const statement = { name: 'ping', text: 'select 1', values: [], timeoutMs: pingTimeoutMs }
      await leases.lend((lease) => sendStatement(lease, statement))
    },
    close: () => leases.close(),
  }
  try {
    assertVersion(await database.query(askVersion, versionRow))
  } catch (thrown) {
    await database.close()
    throw thrown
  }
  return database
}

/** @param rows of one server: its version as a number, 150018 for 15.18 */
export function assertVersion([row]: readonly z.infer<typeof versionRow>[]): void {
  if (row === undefined || row.version >= oldestVersion) return
  const message = `PostgreSQL ${Math.floor(row.version / 10_000)} is too old: 14 or later is needed`
  throw new ConfigError([{ path: 'DATABASE_URL', message }])
}

function poolConfig(options: DatabaseOptions): PoolConfig {
  const { url, poolSize = 10, connectTimeoutMs = 5_000, statementTimeoutMs = 10_000 } = options
  return {
    connectionString: url,
    max: poolSize,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + serverAnswersWithinMs,
    idle_in_transaction_session_timeout: idleInTransactionMs,
    application_name: 'soccer',
    keepAlive: true,
  }
}
