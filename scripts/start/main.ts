import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { processEnvironment, readConfig } from '../../functions/runtime/config/read-config.ts'
import { asError, ConfigError, NotNowError } from '../../functions/runtime/errors/errors.ts'
import {
  FolderInUseError,
  type FolderLock,
  lockFolder,
} from '../../functions/runtime/lifecycle/folder-lock.ts'
import { createLifecycle } from '../../functions/runtime/lifecycle/lifecycle.ts'
import { endOnSignals } from '../../functions/runtime/lifecycle/signals.ts'
import { createLogger } from '../../functions/runtime/logging/logger.ts'
import { UsageError } from '../usage-error.ts'
import { describeBundle } from './banner.ts'
import { type Bundle, startBundle } from './bundle.ts'
import { exitCodes } from './exit-codes.ts'
import { help, readOptions, type StartOptions } from './options.ts'
import { startVariables } from './variables.ts'

async function run(options: StartOptions): Promise<void> {
  const environment = processEnvironment()
  const config = readConfig(startVariables, environment)
  const folder = resolve(options.data ?? config.DATA_DIR)
  mkdirSync(folder, { recursive: true })
  const lock = await lockFolder(folder)
  if (options.fresh) forget(folder)

  const log = createLogger({ name: 'soccer', level: config.LOG_LEVEL, format: config.LOG_FORMAT })
  const lifecycle = createLifecycle({ log, graceMs: config.SHUTDOWN_GRACE_MS })
  endOnSignals(lifecycle, log)
  lifecycle.onStop('folder lock', () => lock.release())
  const port = options.port ?? config.PORT
  try {
    const bundle = await startBundle({
      environment,
      config,
      folder,
      port,
      host: options.host,
      log,
      lifecycle,
    })
    tell(bundle, lock)
  } catch (thrown) {
    await lifecycle.stop('could not start')
    throw thrown
  }
}

function tell(bundle: Bundle, lock: FolderLock): void {
  lock.announce(`process ${process.pid} serves it at ${bundle.url}`)
  console.log(describeBundle(bundle))
}

/** What the embedded stores keep, and nothing else that may lie in the folder. */
function forget(folder: string): void {
  for (const name of ['postgres', 'objects', 'journal', 'dead-letters']) {
    rmSync(join(folder, name), { recursive: true, force: true })
  }
}

function exitCodeFor(error: Error): number {
  if (error instanceof UsageError || error instanceof ConfigError) return exitCodes.usage
  if (error instanceof FolderInUseError) return exitCodes.folderInUse
  if (error instanceof NotNowError && error.code === 'port_taken') return exitCodes.portTaken
  return exitCodes.broken
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) console.log(help)
  else await run(options)
} catch (thrown) {
  const error = asError(thrown)
  const code = exitCodeFor(error)
  console.error(code === exitCodes.broken ? (error.stack ?? error.message) : error.message)
  if (error instanceof UsageError) console.error('npm start -- --help lists the options.')
  process.exit(code)
}
