import type { QueryResult } from 'pg'
import type { ZodType } from 'zod'
import { asError } from '../errors/errors.ts'
import { isAnswer, nameFailure } from './failures.ts'
import type { Lease } from './pool-leases.ts'

export interface Statement {
  /** For logs and errors only; the values never stand there. */
  readonly name: string
  readonly text: string
  readonly values: readonly unknown[]
  /** Deadline of this statement where the pool's is too short. */
  readonly timeoutMs?: number
}

export interface Querying {
  /** Rows as `rowSchema` reads them. Throws NotNowError `database_unavailable`; anything else is a defect. */
  query<Row>(statement: Statement, rowSchema: ZodType<Row>): Promise<Row[]>
}

/** Reads every row through the schema: a column that is not what we think is found here, not three calls on. */
export async function runStatement<Row>(
  lease: Lease,
  statement: Statement,
  rowSchema: ZodType<Row>,
): Promise<Row[]> {
  const { rows } = await sendStatement(lease, statement)
  return rows.map((row) => {
    const read = rowSchema.safeParse(row)
    if (read.success) return read.data
    const faults = read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new Error(`A row of ${statement.name} is not as expected: ${faults.join('; ')}`)
  })
}

export async function runTransaction<T>(
  lease: Lease,
  work: (transaction: Querying) => Promise<T>,
): Promise<T> {
  await sendStatement(lease, control('begin'))
  let result: T
  try {
    result = await work({ query: (statement, rowSchema) => runStatement(lease, statement, rowSchema) })
  } catch (thrown) {
    await rollBack(lease)
    throw thrown
  }
  const { command } = await sendStatement(lease, control('commit'))
  // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK and no error.
  if (command === 'ROLLBACK')
    throw new Error('a statement of the transaction failed and the failure was passed over')
  return result
}

/** No prepared statement is named: names are per session, and poolers and the embedded server share sessions. */
export async function sendStatement(lease: Lease, statement: Statement): Promise<QueryResult> {
  const { name, text, values, timeoutMs } = statement
  const deadline = timeoutMs === undefined ? {} : { query_timeout: timeoutMs }
  try {
    const result: unknown = await lease.client.query({ text, values: [...values], ...deadline })
    return lastResult(result)
  } catch (thrown) {
    const cause = asError(thrown)
    if (!isAnswer(cause)) lease.spoil()
    throw nameFailure(name, cause)
  }
}

/** A text of several statements, as migrations have, is answered by one result each. */
function lastResult(result: unknown): QueryResult {
  return (Array.isArray(result) ? result.at(-1) : result) as QueryResult
}

/** The failure that led here is the one to tell; a connection that cannot roll back is given up, which does it too. */
async function rollBack(lease: Lease): Promise<void> {
  if (lease.spoiled) return
  try {
    await sendStatement(lease, control('rollback'))
  } catch {
    lease.spoil()
  }
}

function control(name: 'begin' | 'commit' | 'rollback'): Statement {
  return { name, text: name, values: [] }
}
