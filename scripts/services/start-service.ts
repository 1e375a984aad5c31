import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { askOnce, waitForAnswer } from './ask-service.ts'
import { assertVersion } from './assert-version.ts'
import { endDescendants } from './end-process.ts'
import { findGiven } from './find-given.ts'
import { holdFolder } from './hold-folder.ts'
import { isRunning, type ProcessIdentity } from './identify-process.ts'
import { launch } from './launch.ts'
import type { Address, Place, RunningService, Service, ServiceName } from './service.ts'
import { ServiceError } from './service-error.ts'
import { services } from './services.ts'
import { completeState, keysOf, readState, type State, writeState } from './state.ts'
import { endServer, stopService } from './stop-service.ts'

export interface StartOptions {
  /** Of all services; each has a folder in it. */
  readonly folder: string
  readonly environment: Environment
  readonly tell: (line: string) => void
  /** False: faster, and a crash of the machine, though not of the server, may lose the data. */
  readonly durable?: boolean
}

/**
 * Makes sure that a service answers, after those it needs: one that the environment names is only asked; one of ours
 * is started unless it runs, with the address and the data it had before. It outlives this process.
 * @throws ServiceError where it cannot be had, ConfigError where its variable holds no address
 */
export async function startService(name: ServiceName, options: StartOptions): Promise<RunningService> {
  const service = services[name]
  const given = findGiven(name, options)
  if (given) {
    const version = await askOnce(service, given)
    assertVersion(name, version)
    return {
      ...given,
      name,
      version,
      pid: undefined,
      ours: false,
      started: false,
      stop: () => Promise.resolve(),
    }
  }
  const needed: RunningService[] = []
  const stopNeeded = async () => {
    for (const one of needed.toReversed()) if (one.started) await one.stop()
  }
  try {
    for (const need of service.needs) needed.push(await startService(need, options))
    const folder = join(resolve(options.folder), name)
    mkdirSync(resolve(options.folder), { recursive: true })
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const server = await holdFolder(folder, () => runOurs({ name, service, folder, needed, options }))
    const stop = async () => {
      await stopService(name, options.folder)
      await stopNeeded()
    }
    return { ...server, name, ours: true, stop }
  } catch (thrown) {
    await stopNeeded()
    throw thrown
  }
}

interface Start {
  readonly name: ServiceName
  readonly service: Service
  readonly folder: string
  readonly needed: readonly RunningService[]
  readonly options: StartOptions
}

type Server = Address & { readonly version: string; readonly pid: number; readonly started: boolean }

async function runOurs(start: Start): Promise<Server> {
  const { name, service, folder } = start
  if (process.platform !== 'linux') {
    throw new ServiceError(
      `${service.title} is started on Linux only; elsewhere name one in ${service.variable}.`,
    )
  }
  const found = readState(folder)
  const running = found?.process && isRunning(found.process) ? found.process : undefined
  if (found && running) {
    const address = service.addressOf(keysOf(service, found))
    const version = await waitForAnswer({ service, address, folder, process: running })
    return { ...address, version, pid: running.pid, started: false }
  }
  if (found?.process) await endDescendants(found.process)
  const durable = start.options.durable ?? true
  const state = await completeState(service, found, { durable, tell: start.options.tell })
  const address = service.addressOf(keysOf(service, state))
  const launched = await launchOurs(start, state)
  try {
    const version = await waitForAnswer({ service, address, folder, process: launched })
    assertVersion(name, version)
    return { ...address, version, pid: launched.pid, started: true }
  } catch (thrown) {
    await endServer(service, folder, { ...state, process: launched })
    throw thrown
  }
}

async function launchOurs(start: Start, state: State): Promise<ProcessIdentity> {
  const { service, folder, options } = start
  // Before the first data is written: its passwords are in here.
  writeState(folder, state)
  const place: Place = {
    ...keysOf(service, state),
    ...options,
    folder,
    parent: resolve(options.folder),
    durable: state.durable,
    needed: (wanted) => findNeeded(start, wanted),
  }
  const process = await launch(await service.prepare(place), folder)
  if (process === undefined) throw new ServiceError(`${service.title} ended at once.`)
  writeState(folder, { ...state, process })
  return process
}

function findNeeded({ service, needed }: Start, wanted: ServiceName): RunningService {
  const found = needed.find(({ name }) => name === wanted)
  if (found === undefined) throw new ServiceError(`${service.title} does not say that it needs ${wanted}.`)
  return found
}
