import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { withDeadline } from '../../functions/runtime/lifecycle/deadline.ts'
import { isRunning, type ProcessIdentity } from './identify-process.ts'
import { logFile } from './launch.ts'
import { hideSecrets, secretsOf } from './secrets.ts'
import type { Address, Service } from './service.ts'
import { ServiceError } from './service-error.ts'

const checkTimeoutMs = 8_000
const pollMs = 60
const tailLines = 15

interface Server {
  readonly service: Service
  readonly address: Address
  readonly folder: string
  readonly process: ProcessIdentity
}

/**
 * Waits until a server of ours answers.
 * @returns its version
 * @throws ServiceError with the end of its log where it ends or stays silent
 */
export async function waitForAnswer({ service, address, folder, process }: Server): Promise<string> {
  const deadline = Date.now() + service.startTimeoutMs
  const fail = (what: string) => {
    const log = hideSecrets(readTail(logFile(folder)), secretsOf(address.url))
    return new ServiceError(`${service.title} ${what}. The end of ${logFile(folder)}:\n${log}`)
  }
  for (;;) {
    try {
      return await checkInTime(service, address)
    } catch (thrown) {
      if (!isRunning(process)) throw fail('has ended')
      if (Date.now() > deadline) {
        throw fail(`did not answer within ${service.startTimeoutMs / 1_000} s (${reasonOf(thrown, address)})`)
      }
      await sleep(pollMs)
    }
  }
}

/**
 * Asks a server that must be there already.
 * @returns its version
 * @throws ServiceError that holds no secret of the address
 */
export async function askOnce(service: Service, address: Address): Promise<string> {
  const place = URL.parse(address.url)?.host ?? ''
  try {
    return await checkInTime(service, address)
  } catch (thrown) {
    const reason = reasonOf(thrown, address)
    const refused = isRefusal(thrown)
    throw new ServiceError(
      refused
        ? `${service.title} at ${place} refuses the user or the password (${reason}).`
        : `${service.title} at ${place} does not answer as it should (${reason}).`,
    )
  }
}

function checkInTime(service: Service, address: Address): Promise<string> {
  const late = () => new Error(`no answer within ${checkTimeoutMs / 1_000} s`)
  return withDeadline(service.check(address), checkTimeoutMs, late)
}

/** PostgreSQL by its code, Redis, RabbitMQ and HTTP by what they say. */
function isRefusal(thrown: unknown): boolean {
  const error = asError(thrown) as Error & { code?: unknown }
  if (error.code === '28P01' || error.code === '28000') return true
  return /WRONGPASS|NOAUTH|invalid password|ACCESS[-_]REFUSED|status 40[13]/i.test(error.message)
}

function reasonOf(thrown: unknown, { url, urls }: Address): string {
  const error = asError(thrown) as NodeJS.ErrnoException
  const cause = error.cause instanceof Error ? (error.cause as NodeJS.ErrnoException) : undefined
  // A connection that is tried over several addresses fails with a code and no words.
  const said = cause?.code ?? (error.message || error.code || error.name)
  return hideSecrets(said, [url, ...Object.values(urls)].flatMap(secretsOf))
}

function readTail(file: string): string {
  if (!existsSync(file)) return ''
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-tailLines).join('\n')
}
