import { type Logger as PinoLogger, pino } from 'pino'
import pretty from 'pino-pretty'

export type Logger = PinoLogger

/** The part of the logger that adapters may use. */
export type Log = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>

/** Keys whose values never reach a log, wherever they stand in the first three levels. */
const secretKeys = ['authorization', 'cookie', 'password', 'secret', 'token', 'url', 'connectionString']
  .flatMap((key) => [key, `*.${key}`, `*.*.${key}`])
  .concat(['*["x-api-key"]', '*.*["x-api-key"]'])

export interface LoggerOptions {
  readonly name: string
  readonly level: string
  readonly format: 'json' | 'pretty'
}

/** JSON lines for machines, or one readable line each for a terminal. Writes to stdout. */
export function createLogger({ name, level, format }: LoggerOptions): Logger {
  const options = {
    name,
    level,
    redact: { paths: secretKeys, censor: '[hidden]' },
    formatters: { level: (label: string) => ({ severity: label }) },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  }
  if (format === 'json') return pino(options)
  const { formatters: _, ...readable } = options
  // Written synchronously so that the last words of a dying process are not lost.
  return pino(
    { ...readable, timestamp: pino.stdTimeFunctions.epochTime },
    pretty({ sync: true, singleLine: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' }),
  )
}
