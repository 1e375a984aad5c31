import type { Event } from '../broker/publisher.ts'
import { asError, RefusedError } from '../errors/errors.ts'
import { decodeHttpEvent, encodeBinary } from '../http/cloud-events.ts'
import { problemContentType, problemOf } from '../http/problem.ts'
import type { Lifecycle } from '../lifecycle/lifecycle.ts'
import type { Logger } from '../logging/logger.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { EventHandler } from './event-handler.ts'

/** An HTTP answer, ready to be written. */
export interface HttpAnswer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Far above any event of ours: what is too large for its kind is refused by a `…failed` event, where a 413 would make
 * the broker drop it without a trace.
 */
export const eventLimitBytes = 8 * 1_048_576

interface Needs {
  readonly handlers: readonly EventHandler[]
  readonly log: Logger
  readonly metrics: Metrics
  readonly lifecycle: Lifecycle
  readonly functionName: string
}

export type HandleEventRequest = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: unknown,
) => Promise<HttpAnswer>

/**
 * Makes the answer to a POST that carries a CloudEvent. Never throws: whatever goes wrong becomes a problem.
 * Events are taken while the process drains, too: in one process an asker's answer may hang on them.
 */
export function createEventRequestHandler(needs: Needs): HandleEventRequest {
  const { log, lifecycle, functionName } = needs
  const byType = new Map(needs.handlers.map((handler) => [handler.type, handler]))
  const duration = needs.metrics.timer(
    'soccer_event_duration_seconds',
    'Time a function took for one event, by what came of it',
    ['function', 'type', 'outcome'],
  )

  async function run(event: Event): Promise<HttpAnswer> {
    const handler = byType.get(event.type)
    // 404, not 400: the RabbitMQ dispatcher retries and then dead-letters a 404 but drops a 400 without a trace.
    if (!handler)
      throw new RefusedError('event_type_not_handled', 404, unhandled(functionName, event.type, byType))
    const reply = await handler.run(event)
    if (!reply) return { statusCode: 204, headers: {}, body: '' }
    return { statusCode: 200, ...encodeBinary(reply) }
  }

  return async (headers, body) => {
    const startedMs = performance.now()
    let type = 'none'
    try {
      const event = decodeHttpEvent(headers, body)
      if (!event)
        throw new RefusedError('no_event', 400, 'This function takes CloudEvents over HTTP and found none.')
      if (byType.has(event.type)) type = event.type
      const answer = await lifecycle.track(() => run(event))
      observe('done')
      return answer
    } catch (thrown) {
      const answer = problemAnswer(thrown)
      observe(answer.statusCode >= 500 ? 'retry' : 'refused')
      if (answer.statusCode === 500)
        log.error({ err: asError(thrown), type }, 'an event could not be handled')
      else
        log.warn(
          { type, status: answer.statusCode, reason: asError(thrown).message },
          'an event was not handled',
        )
      return answer
    }
    function observe(outcome: string): void {
      duration.observe({ function: functionName, type, outcome }, (performance.now() - startedMs) / 1_000)
    }
  }
}

/** A thrown error as an HTTP answer. */
export function problemAnswer(thrown: unknown): HttpAnswer {
  const { problem, retryAfterS } = problemOf(thrown)
  return {
    statusCode: problem.status,
    headers: {
      'content-type': problemContentType,
      ...(retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
    },
    body: JSON.stringify(problem),
  }
}

function unhandled(name: string, type: string, known: ReadonlyMap<string, unknown>): string {
  return `The function ${name} does not take events of type ${type}; it takes ${[...known.keys()].join(', ')}.`
}
