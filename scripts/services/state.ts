import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { isFree } from '../start/ports.ts'
import { processIdentity } from './identify-process.ts'
import { makeSecret } from './secrets.ts'
import type { Keys, Service } from './service.ts'
import { ServiceError } from './service-error.ts'
import { writePrivate } from './write-private.ts'

const stateSchema = z.object({
  ports: z.record(z.string(), z.number().int().min(1).max(65_535)),
  secrets: z.record(z.string(), z.string().min(1)),
  durable: z.boolean(),
  /** Absent while it is stopped. */
  process: processIdentity.optional(),
})

export type State = z.infer<typeof stateSchema>

const nothing: State = { ports: {}, secrets: {}, durable: true }

/** Below the ports that Linux gives to outgoing connections (32768 on), so that none of them is in our way. */
const firstPort = 20_000
const endPort = 30_000
const portAttempts = 200

/** Undefined where the service has never run in this folder. */
export function readState(folder: string): State | undefined {
  const file = join(folder, 'state.json')
  if (!existsSync(file)) return undefined
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (thrown) {
    // The parser of JSON quotes what it read, which holds secrets.
    const reason = thrown instanceof z.ZodError ? z.prettifyError(thrown) : asError(thrown).name
    throw new ServiceError(`${file} cannot be understood (${reason}).`)
  }
}

/** Beside its place and renamed: a torn file would lose the passwords of the data. */
export function writeState(folder: string, state: State): void {
  const file = join(folder, 'state.json')
  writePrivate(`${file}.tmp`, `${JSON.stringify(state, null, 2)}\n`)
  renameSync(`${file}.tmp`, file)
}

/** The state for the next start: what is missing is made up, a port that somebody else has taken is changed. */
export async function completeState(
  service: Service,
  found: State | undefined,
  options: { durable: boolean; tell: (line: string) => void },
): Promise<State> {
  const { ports, secrets } = found ?? nothing
  const taken = new Set(Object.values(ports))
  const chosen: Record<string, number> = {}
  for (const name of service.ports) {
    const kept = ports[name]
    const port = kept !== undefined && (await isFree(kept)) ? kept : await choosePort(taken)
    if (kept !== undefined && kept !== port) {
      options.tell(`${service.title}: another program has taken port ${kept}; it is ${port} from now on`)
    }
    chosen[name] = port
    taken.add(port)
  }
  const known = service.secrets.map((name) => [name, secrets[name] ?? makeSecret()] as const)
  return { ports: chosen, secrets: Object.fromEntries(known), durable: options.durable }
}

async function choosePort(taken: ReadonlySet<number>): Promise<number> {
  for (let attempt = 0; attempt < portAttempts; attempt++) {
    const port = randomInt(firstPort, endPort)
    if (!taken.has(port) && (await isFree(port))) return port
  }
  throw new ServiceError(`No free port was found from ${firstPort} to ${endPort - 1}.`)
}

export function keysOf(service: Service, state: State): Keys {
  const find = <T>(kind: string, values: Readonly<Record<string, T>>, name: string): T => {
    const value = values[name]
    if (value === undefined)
      throw new ServiceError(`The state of ${service.title} lacks the ${kind} ${name}.`)
    return value
  }
  return {
    port: (name) => find('port', state.ports, name),
    secret: (name) => find('secret', state.secrets, name),
  }
}
