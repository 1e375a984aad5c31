import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { endDescendants, endProcess } from './end-process.ts'
import { holdFolder } from './hold-folder.ts'
import { isRunning } from './identify-process.ts'
import type { Service, ServiceName } from './service.ts'
import { services } from './services.ts'
import { readState, type State, writeState } from './state.ts'

const stopTimeoutMs = 30_000

/**
 * Ends the server that the state in its folder proves to be ours.
 * @param parent the folder of all services
 * @returns whether one ran
 */
export async function stopService(name: ServiceName, parent: string): Promise<boolean> {
  const folder = join(resolve(parent), name)
  if (!existsSync(folder)) return false
  return holdFolder(folder, async () => {
    const state = readState(folder)
    return state !== undefined && endServer(services[name], folder, state)
  })
}

/** For those who hold the folder. */
export async function endServer(service: Service, folder: string, state: State): Promise<boolean> {
  const { process, ...kept } = state
  if (process === undefined) return false
  const ran = isRunning(process)
  const signal = service.killWhenNotDurable && !state.durable ? 'SIGKILL' : service.stopSignal
  if (ran) await endProcess(process, signal, stopTimeoutMs)
  else await endDescendants(process)
  writeState(folder, kept)
  return ran
}
