import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  type Environment,
  processEnvironment,
  readConfig,
} from '../../functions/runtime/config/read-config.ts'
import { asError, ConfigError, NotNowError } from '../../functions/runtime/errors/errors.ts'
import { FolderInUseError, lockFolder } from '../../functions/runtime/lifecycle/folder-lock.ts'
import { createLifecycle, type Lifecycle } from '../../functions/runtime/lifecycle/lifecycle.ts'
import { endOnSignals } from '../../functions/runtime/lifecycle/signals.ts'
import { createLogger, type Logger } from '../../functions/runtime/logging/logger.ts'
import { UsageError } from '../usage-error.ts'
import { exitCodes } from './exit-codes.ts'
import type { StartOptions } from './options.ts'
import { isFree } from './ports.ts'
import { type StartConfig, startVariables } from './variables.ts'

export interface StartNeeds {
  readonly environment: Environment
  readonly config: StartConfig
  readonly folder: string
  readonly port: number
  readonly host: string
  readonly log: Logger
  readonly lifecycle: Lifecycle
}

/** What was started, and what to print about it. */
export interface Started {
  readonly url: string
  readonly banner: string
}

interface Command {
  readonly name: string
  readonly options: StartOptions
  /** Before anything is opened in the folder. */
  readonly forget: (folder: string) => Promise<void> | void
  readonly start: (needs: StartNeeds) => Promise<Started>
}

/** Starts something that runs in a folder of its own until a signal ends it. */
export async function runCommand({ name, options, forget, start }: Command): Promise<void> {
  const environment = processEnvironment()
  const config = readConfig(startVariables, environment)
  const folder = resolve(options.data ?? config.DATA_DIR)
  mkdirSync(folder, { recursive: true })
  const lock = await lockFolder(folder)
  if (options.fresh) await forget(folder)

  const log = createLogger({ name, level: config.LOG_LEVEL, format: config.LOG_FORMAT })
  const lifecycle = createLifecycle({ log, graceMs: config.SHUTDOWN_GRACE_MS })
  endOnSignals(lifecycle, log)
  lifecycle.onStop('folder lock', () => lock.release())
  const port = options.port ?? config.PORT
  try {
    if (!(await isFree(port))) {
      throw new NotNowError('port_taken', `Port ${port} is in use already; choose another with --port N.`)
    }
    const started = await start({ environment, config, folder, port, host: options.host, log, lifecycle })
    lock.announce(`process ${process.pid} serves it at ${started.url}`)
    console.log(started.banner)
  } catch (thrown) {
    await lifecycle.stop('could not start')
    throw thrown
  }
}

/** Runs a command line to its end; a fault is said plainly and ends with the code that names it. */
export async function runOrExit(run: () => Promise<void>, helpCommand: string): Promise<void> {
  try {
    await run()
  } catch (thrown) {
    const error = asError(thrown)
    const code = exitCodeFor(error)
    console.error(code === exitCodes.broken ? (error.stack ?? error.message) : error.message)
    if (error instanceof UsageError) console.error(`${helpCommand} lists the options.`)
    process.exit(code)
  }
}

function exitCodeFor(error: Error): number {
  if (error instanceof UsageError || error instanceof ConfigError) return exitCodes.usage
  if (error instanceof FolderInUseError) return exitCodes.folderInUse
  if (error instanceof NotNowError && error.code === 'port_taken') return exitCodes.portTaken
  return exitCodes.broken
}
