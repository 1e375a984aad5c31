import type { Environment } from '../config/read-config.ts'
import type { Lifecycle } from '../lifecycle/lifecycle.ts'
import type { Logger } from '../logging/logger.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { Stores } from '../stores/stores.ts'

/** What a function stands on: one a process, shared by the functions where several run in one process. */
export interface Context {
  readonly environment: Environment
  readonly log: Logger
  readonly metrics: Metrics
  readonly lifecycle: Lifecycle
  readonly stores: Stores
}
