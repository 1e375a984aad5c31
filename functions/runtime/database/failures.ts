import { ConfigError, NotNowError } from '../errors/errors.ts'

/** https://www.postgresql.org/docs/current/errcodes-appendix.html: classes that say "not now", whoever asks. */
const unavailableClasses: ReadonlySet<string> = new Set([
  '08', // the connection broke
  '53', // too many clients, out of memory, disk full
  '57', // cancelled (also by statement_timeout), shutting down, starting up
  '58', // the server's own disk or files
])

/** Single codes of other classes that pass when tried again. */
const passingCodes: ReadonlySet<string> = new Set([
  '25006', // read-only: a standby answers, or the disk guard has closed writing
  '25P03', // idle in transaction for too long
  '40001', // serialization failure
  '40P01', // deadlock
  '55P03', // a lock was not free in time
])

/** What the driver says, without any code, of a connection that is gone or silent. */
const lostConnection =
  /^(Connection terminated|Query read timeout|Client (has encountered|was closed)|timeout exceeded|Cannot use a pool)/

/** NotNowError where trying again can help, else an Error with the statement's name. Never shows values. */
export function nameFailure(statementName: string, cause: Error): Error {
  if (isUnavailable(cause)) return unavailable(cause)
  const sqlState = sqlStateOf(cause)
  return new Error(`The statement ${statementName} failed (${sqlState ?? cause.name}).`, { cause })
}

const refusal = 'refuses our connection'
const refusals: Readonly<Record<string, string>> = {
  '28P01': 'refuses the user name or the password',
  '28000': 'does not let this user in from here',
  '3D000': 'has no such database',
}

/** For a connection that could not be had; only a wrong name or password is not a matter of time. */
export function nameConnectFailure(cause: Error): Error {
  const sqlState = sqlStateOf(cause)
  if (sqlState === undefined || isUnavailable(cause)) return unavailable(cause)
  return new ConfigError([
    { path: 'DATABASE_URL', message: `PostgreSQL ${refusals[sqlState] ?? refusal} (${sqlState})` },
  ])
}

/** Whether the server said this; if not, nobody knows what the connection is still busy with. */
export function isAnswer(error: Error): boolean {
  return sqlStateOf(error) !== undefined
}

function unavailable(cause: Error): NotNowError {
  return new NotNowError('database_unavailable', 'The database does not answer.', { cause })
}

function isUnavailable(error: Error): boolean {
  const sqlState = sqlStateOf(error)
  if (sqlState !== undefined)
    return unavailableClasses.has(sqlState.slice(0, 2)) || passingCodes.has(sqlState)
  return 'syscall' in error || lostConnection.test(error.message)
}

/** Five characters; Node's own codes (ECONNREFUSED) come with a `syscall`. */
function sqlStateOf(error: Error): string | undefined {
  if (!('code' in error) || 'syscall' in error) return undefined
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined
}
