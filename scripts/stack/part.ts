import { z } from 'zod'
import { type Environment, processEnvironment } from '../../functions/runtime/config/read-config.ts'
import { sharedVariables } from '../../functions/runtime/config/variables.ts'
import { createLifecycle, type Lifecycle } from '../../functions/runtime/lifecycle/lifecycle.ts'
import { endOnSignals } from '../../functions/runtime/lifecycle/signals.ts'
import { createLogger, type Logger } from '../../functions/runtime/logging/logger.ts'
import { startOrExit } from '../../functions/runtime/serve/run-alone.ts'

export const partVariables = {
  LOG_LEVEL: sharedVariables.LOG_LEVEL,
  LOG_FORMAT: sharedVariables.LOG_FORMAT,
  SHUTDOWN_GRACE_MS: sharedVariables.SHUTDOWN_GRACE_MS,
  RABBITMQ_URL: z.url({ protocol: /^amqps?$/ }),
}

export interface PartContext {
  readonly log: Logger
  readonly lifecycle: Lifecycle
}

type PartConfig = z.infer<z.ZodObject<typeof partVariables>>

/** Runs one of the broker's programs in this process until a signal ends it. */
export async function startPart<Config extends PartConfig>(
  name: string,
  read: (environment: Environment) => Config,
  start: (config: Config, context: PartContext) => Promise<void>,
): Promise<void> {
  await startOrExit(async () => {
    const config = read(processEnvironment())
    const log = createLogger({ name, level: config.LOG_LEVEL, format: config.LOG_FORMAT })
    const lifecycle = createLifecycle({ log, graceMs: config.SHUTDOWN_GRACE_MS })
    endOnSignals(lifecycle, log)
    await start(config, { log, lifecycle })
    log.info('ready')
  })
}
