import type { Logger } from '../logging/logger.ts'
import type { Lifecycle } from './lifecycle.ts'

const impatienceMs = 1_000

/**
 * A crash must end the process with a non-zero code and a stack: faas-js-runtime's own listener exits 0 and says
 * nothing, so ours has to be installed before `start()` is called. A later Ctrl-C ends at once; not one in the same second, because
 * npm passes on the signal that the terminal has sent to the whole group already.
 */
export function endOnSignals(lifecycle: Lifecycle, log: Logger): void {
  let firstMs: number | undefined
  const end = (signal: string) => {
    firstMs ??= performance.now()
    if (performance.now() - firstMs > impatienceMs) process.exit(130)
    lifecycle.stop(signal).then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
  const crash = (kind: string) => (error: unknown) => {
    log.fatal({ err: error }, kind)
    process.exit(1)
  }
  process.on('uncaughtException', crash('uncaught exception'))
  process.on('unhandledRejection', crash('unhandled rejection'))
}
