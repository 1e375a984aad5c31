import type { Deliver, Publish } from '../../functions/runtime/broker/publisher.ts'
import { openRabbitPublisher } from '../../functions/runtime/broker/rabbit/rabbit-publisher.ts'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { deliverOverHttp } from '../../functions/runtime/http/deliver-event.ts'
import { publishToSink } from '../../functions/runtime/http/publish-to-sink.ts'
import type { Log } from '../../functions/runtime/logging/logger.ts'
import type { ReplayOptions } from './options.ts'
import { exchangeOf, rabbitUrl } from './rabbit-names.ts'

export interface Target {
  readonly deliver: Deliver
  close(): Promise<void>
}

const nothing = () => Promise.resolve()

/** @throws UsageError, ConfigError, NotNowError `broker_unavailable` */
export async function openTarget(
  { to, 'timeout-ms': timeoutMs }: Pick<ReplayOptions, 'to' | 'timeout-ms'>,
  environment: Environment,
): Promise<Target> {
  if (!to.startsWith('broker')) return { deliver: deliverOverHttp(to), close: nothing }
  const sink = environment['K_SINK']
  // An exchange that is named by hand is meant, whatever ingress there is.
  if (sink && to === 'broker') return { deliver: deliverBy(publishToSink(sink, timeoutMs)), close: nothing }
  const url = rabbitUrl(environment)
  const publisher = await openRabbitPublisher({ url, exchange: exchangeOf(to), log })
  return { deliver: deliverBy(publisher.publish), close: () => publisher.close() }
}

function deliverBy(publish: Publish): Deliver {
  return async (event) => {
    try {
      await publish(event)
      return { kind: 'done' }
    } catch (thrown) {
      const { message, cause } = asError(thrown)
      const reason = cause === undefined ? message : `${message} (${asError(cause).message})`
      return { kind: 'retry', status: 503, reason }
    }
  }
}

/** Stdout is for events. What is tried again without harm is not worth a line. */
const log: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: tell,
  error: tell,
}

function tell(fields: unknown, message?: string): void {
  console.error(message ?? String(fields))
}
