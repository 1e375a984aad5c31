import { z } from 'zod'
import type { Publish } from '../broker/publisher.ts'
import { processEnvironment, readConfig } from '../config/read-config.ts'
import { sharedVariables } from '../config/variables.ts'
import { NotNowError } from '../errors/errors.ts'
import { publishToSink } from '../http/publish-to-sink.ts'
import { createLifecycle } from '../lifecycle/lifecycle.ts'
import { endOnSignals } from '../lifecycle/signals.ts'
import { createLogger } from '../logging/logger.ts'
import { createMetrics } from '../metrics/metrics.ts'
import { openStores } from '../stores/open-stores.ts'
import type { Context } from './context.ts'

const variables = z.object(sharedVariables)
const publishTimeoutMs = 5_000

/** The context of a function that runs in a process of its own. */
export async function openContext(name: string): Promise<Context> {
  const environment = processEnvironment()
  const config = readConfig(variables, environment)
  const log = createLogger({ name, level: config.LOG_LEVEL, format: config.LOG_FORMAT })
  const lifecycle = createLifecycle({ log, graceMs: config.SHUTDOWN_GRACE_MS })
  endOnSignals(lifecycle, log)
  const publish =
    config.K_SINK === undefined ? refuseToPublish : publishToSink(config.K_SINK, publishTimeoutMs)
  const stores = await openStores(config, { log, lifecycle, publish })
  return { environment, log, metrics: createMetrics(), lifecycle, stores }
}

/** A function invoked alone answers what it is asked; only what needs the others is not possible. */
const refuseToPublish: Publish = () =>
  Promise.reject(new NotNowError('no_broker', 'No event broker is configured: K_SINK is not set.'))
