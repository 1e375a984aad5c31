import type { Deliver, DeliveryOutcome } from '../broker/publisher.ts'
import { asError } from '../errors/errors.ts'
import { decodeHttpEvent, encodeBinary } from './cloud-events.ts'

/** 408 and 429 ask for another try; every other 4xx will stay what it is. */
const retryable4xx = new Set([408, 429])
const replyLimitBytes = 1_048_576

/** Delivers as the broker's dispatcher does: a binary-mode POST, whose answer may carry the reply event. */
export function deliverOverHttp(url: string): Deliver {
  return async (event, timeoutMs) => {
    try {
      const response = await fetch(url, {
        method: 'POST',
        ...encodeBinary(event),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      const text = await response.text()
      return readAnswer(response, text)
    } catch (thrown) {
      return { kind: 'retry', status: -1, reason: asError(thrown).message }
    }
  }
}

function readAnswer(response: Response, text: string): DeliveryOutcome {
  const { status } = response
  if (status >= 200 && status < 300) {
    if (text.length > replyLimitBytes) return { kind: 'rejected', status, reason: 'the reply is too large' }
    const reply = decodeHttpEvent(Object.fromEntries(response.headers), text)
    return reply ? { kind: 'done', reply } : { kind: 'done' }
  }
  const reason = text.slice(0, 500)
  if (status >= 400 && status < 500 && !retryable4xx.has(status)) return { kind: 'rejected', status, reason }
  const retryAfterS = Number(response.headers.get('retry-after'))
  const wait = Number.isFinite(retryAfterS) && retryAfterS > 0 ? { retryAfterMs: retryAfterS * 1_000 } : {}
  return { kind: 'retry', status, reason, ...wait }
}
