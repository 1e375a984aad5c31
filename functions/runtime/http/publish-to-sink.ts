import type { Publish } from '../broker/publisher.ts'
import { asError, NotNowError } from '../errors/errors.ts'
import { postEvent } from './post-event.ts'

/** Of what the ingress says nothing is used. */
const maxBytes = 0

/** Publishes to the broker's ingress, whose address Knative gives in K_SINK. It answers 202 once it has the event. */
export function publishToSink(sinkUrl: string, timeoutMs: number): Publish {
  return async (event) => {
    try {
      const { status } = await postEvent(sinkUrl, event, { timeoutMs, maxBytes })
      if (status < 200 || status > 299) throw new Error(`the broker answered ${status}`)
    } catch (thrown) {
      const cause = asError(thrown)
      throw new NotNowError('broker_unavailable', 'The event broker does not take events right now.', {
        cause,
      })
    }
  }
}
