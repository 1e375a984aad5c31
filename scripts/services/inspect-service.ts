import { join, resolve } from 'node:path'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { askOnce } from './ask-service.ts'
import { assertVersion } from './assert-version.ts'
import { findGiven } from './find-given.ts'
import { isRunning } from './identify-process.ts'
import { hidePassword } from './secrets.ts'
import type { Address, ServiceName } from './service.ts'
import { services } from './services.ts'
import { keysOf, readState } from './state.ts'

export interface Inspection {
  readonly name: ServiceName
  readonly whose: 'ours' | 'given' | 'absent'
  readonly up: boolean
  /** Absent where there is no server. */
  readonly address: Address | undefined
  readonly pid: number | undefined
  readonly version: string | undefined
  /** Why it is down, where there is more to say. */
  readonly reason: string | undefined
}

interface Options {
  /** Of all services. */
  readonly folder: string
  readonly environment: Environment
}

/** Looks without changing anything. */
export async function inspectService(name: ServiceName, options: Options): Promise<Inspection> {
  const service = services[name]
  const down = { name, up: false, pid: undefined, version: undefined, reason: undefined }
  const given = findGiven(name, options)
  if (given) return { ...down, whose: 'given', address: given, ...(await findAnswer(name, given)) }
  const state = readState(join(resolve(options.folder), name))
  if (state === undefined) return { ...down, whose: 'absent', address: undefined }
  const ours = { ...down, whose: 'ours', address: service.addressOf(keysOf(service, state)) } as const
  if (state.process === undefined) return ours
  if (!isRunning(state.process)) return { ...ours, reason: `process ${state.process.pid} has ended unasked` }
  return { ...ours, pid: state.process.pid, ...(await findAnswer(name, ours.address)) }
}

async function findAnswer(name: ServiceName, address: Address) {
  try {
    const version = await askOnce(services[name], address)
    assertVersion(name, version)
    return { up: true, version, reason: undefined }
  } catch (thrown) {
    return { up: false, version: undefined, reason: asError(thrown).message }
  }
}

const headings = ['NAME', 'WHOSE', 'IS', 'ADDRESS', 'PID', 'VERSION']

/** For people; passwords are hidden. */
export function describeInspections(inspections: readonly Inspection[]): string {
  const rows = inspections.map((one) => [
    one.name,
    one.whose,
    one.up ? 'up' : 'down',
    one.address ? hidePassword(one.address.url) : '-',
    String(one.pid ?? '-'),
    one.version || '-',
  ])
  const table = [headings, ...rows]
  const widths = headings.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)))
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
  const reasons = inspections.flatMap(({ name, reason }) =>
    reason === undefined ? [] : [`${name}: ${reason}`],
  )
  return [...lines, ...reasons].join('\n')
}
