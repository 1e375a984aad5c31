import { z } from 'zod'
import type { Database } from './database.ts'
import { type Migration, readMigrations } from './migration-files.ts'
import type { Querying } from './statements.ts'

export interface Migrated {
  /** Numbers applied by this call. */
  readonly applied: readonly number[]
  /** The last number the database has; above the last file's where a newer release was here before. */
  readonly current: number
}

/** One row of `schema_migrations`. */
const appliedRow = z.object({ number: z.number(), name: z.string(), sha256: z.string() })
type Applied = z.infer<typeof appliedRow>

const noRow = z.never()
const ignoredRow = z.unknown()
/** Any fixed number will do, as long as nothing else in the database locks it. */
const lockKey = 7_352_601
const lockTimeoutMs = 30_000
const migrationTimeoutMs = 300_000
const timeoutMs = migrationTimeoutMs + 1_000

/**
 * Brings the schema up to the files of `folder`, each in a transaction of its own. Several processes may try at
 * once: each step looks again, under a lock, at what has been done.
 * @throws Error on files that contradict each other or what was applied; NotNowError `database_unavailable`, also
 * when another process holds the lock for more than 30 s
 */
export async function migrate(database: Pick<Database, 'transaction'>, folder: string): Promise<Migrated> {
  const files = await readMigrations(folder)
  const applied: number[] = []
  for (;;) {
    const step = await database.transaction((transaction) => takeStep(transaction, files))
    if (step.done) return { applied, current: step.number }
    applied.push(step.number)
  }
}

/** Applies the first file that is not applied yet; `done` when there is none. */
async function takeStep(
  transaction: Querying,
  files: readonly Migration[],
): Promise<{ readonly done: boolean; readonly number: number }> {
  await takeLock(transaction)
  const before = await readApplied(transaction)
  for (const applied of before) assertUnchanged(applied, files[applied.number - 1])
  const next = files[before.length]
  if (next === undefined) return { done: true, number: before.length }
  await apply(next, transaction)
  return { done: false, number: next.number }
}

async function takeLock(transaction: Querying): Promise<void> {
  const limits = {
    name: 'migration-limits',
    text: "select set_config('lock_timeout', $1, true), set_config('statement_timeout', $2, true)",
    values: [String(lockTimeoutMs), String(migrationTimeoutMs)],
  }
  await transaction.query(limits, ignoredRow)
  const lock = {
    name: 'migration-lock',
    text: 'select pg_advisory_xact_lock($1)',
    values: [lockKey],
    timeoutMs,
  }
  await transaction.query(lock, ignoredRow)
}

async function readApplied(transaction: Querying): Promise<Applied[]> {
  const text = `create table if not exists schema_migrations (
    number integer primary key,
    name text not null,
    sha256 text not null,
    applied_at timestamptz not null default now()
  )`
  await transaction.query({ name: 'make-schema-migrations', text, values: [] }, noRow)
  const list = 'select number, name, sha256 from schema_migrations order by number'
  const rows = await transaction.query({ name: 'list-schema-migrations', text: list, values: [] }, appliedRow)
  const odd = rows.findIndex(({ number }, index) => number !== index + 1)
  if (odd >= 0) throw new Error(`The table schema_migrations has no row for migration ${odd + 1}.`)
  return rows
}

/** No file: a newer release has been here, and this one is being rolled back to. */
function assertUnchanged({ number, name, sha256 }: Applied, file: Migration | undefined): void {
  if (file === undefined || file.sha256 === sha256) return
  const label = String(number).padStart(6, '0')
  throw new Error(
    `The migration ${label}-${file.name}.sql is not the ${label}-${name}.sql that was applied. ` +
      'Put the old text back and write a new migration.',
  )
}

async function apply({ number, name, sql, sha256 }: Migration, transaction: Querying): Promise<void> {
  await transaction.query(
    { name: `migration ${number} ${name}`, text: sql, values: [], timeoutMs },
    ignoredRow,
  )
  const text = 'insert into schema_migrations (number, name, sha256) values ($1, $2, $3)'
  await transaction.query({ name: 'add-schema-migration', text, values: [number, name, sha256] }, noRow)
}
