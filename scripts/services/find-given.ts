import { join, resolve } from 'node:path'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { ConfigError } from '../../functions/runtime/errors/errors.ts'
import type { Address, ServiceName } from './service.ts'
import { services } from './services.ts'
import { keysOf, readState } from './state.ts'

/**
 * The server of somebody else's that a variable names, if any. A variable that names our own, because `env` has set it
 * in this shell, does not make it somebody else's.
 * @throws ConfigError where the variable holds no address
 */
export function findGiven(
  name: ServiceName,
  { environment, folder }: { environment: Environment; folder: string },
): Address | undefined {
  const service = services[name]
  const url = environment[service.variable]
  if (url === undefined || url === '') return undefined
  if (!URL.canParse(url)) throw new ConfigError([{ path: service.variable, message: 'is no address' }])
  const state = readState(join(resolve(folder), name))
  if (state && service.addressOf(keysOf(service, state)).url === url) return undefined
  return { url, urls: service.givenUrls?.(environment) ?? {} }
}
