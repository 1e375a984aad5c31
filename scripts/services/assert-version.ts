import type { ServiceName } from './service.ts'
import { ServiceError } from './service-error.ts'

const oldest: Partial<Record<ServiceName, readonly [major: number, minor: number]>> = {
  postgres: [14, 0],
  redis: [6, 2],
  rabbitmq: [3, 9],
}

/**
 * @param version as the server says it, such as `15.19 (Debian 15.19-0+deb12u1)`
 * @throws ServiceError where the server is too old, or where nobody can tell
 */
export function assertVersion(name: ServiceName, version: string): void {
  const wanted = oldest[name]
  if (wanted === undefined) return
  const found = /^(\d+)(?:\.(\d+))?/.exec(version)
  const needed = `${name} ${wanted.join('.')} or newer is needed`
  if (found === null) throw new ServiceError(`${needed}; this server does not say its version.`)
  const [major, minor] = [Number(found[1]), Number(found[2] ?? 0)]
  if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
    throw new ServiceError(`${needed}; this server is ${major}.${minor}.`)
  }
}
