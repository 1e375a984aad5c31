import type { Publish } from '../broker/publisher.ts'
import { asError, NotNowError } from '../errors/errors.ts'
import { encodeBinary } from './cloud-events.ts'

/** Publishes to the broker's ingress, whose address Knative gives in K_SINK. It answers 202 once it has the event. */
export function publishToSink(sinkUrl: string, timeoutMs: number): Publish {
  return async (event) => {
    const fail = (cause: unknown) =>
      new NotNowError('broker_unavailable', 'The event broker does not take events right now.', { cause })
    try {
      const response = await fetch(sinkUrl, {
        method: 'POST',
        ...encodeBinary(event),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      await response.body?.cancel()
      if (!response.ok) throw new Error(`the broker answered ${response.status}`)
    } catch (thrown) {
      throw fail(asError(thrown))
    }
  }
}
