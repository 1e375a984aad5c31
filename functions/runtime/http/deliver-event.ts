import type { Deliver, DeliveryOutcome } from '../broker/publisher.ts'
import { asError } from '../errors/errors.ts'
import { decodeHttpEvent } from './cloud-events.ts'
import { type EventAnswer, postEvent } from './post-event.ts'

/** 408 and 429 ask for another try; every other 4xx will stay what it is. */
const retryable4xx = new Set([408, 429])
const replyLimitBytes = 1_048_576

/** Delivers as the broker's dispatcher does: a binary-mode POST, whose answer may carry the reply event. */
export function deliverOverHttp(url: string): Deliver {
  return async (event, timeoutMs) => {
    try {
      return readAnswer(await postEvent(url, event, { timeoutMs, maxBytes: replyLimitBytes + 1 }))
    } catch (thrown) {
      return { kind: 'retry', status: -1, reason: asError(thrown).message }
    }
  }
}

function readAnswer({ status, headers, text }: EventAnswer): DeliveryOutcome {
  if (status >= 200 && status < 300) {
    if (Buffer.byteLength(text) > replyLimitBytes)
      return { kind: 'rejected', status, reason: 'the reply is too large' }
    const reply = decodeHttpEvent(headers, text)
    return reply ? { kind: 'done', reply } : { kind: 'done' }
  }
  const reason = text.slice(0, 500)
  if (status >= 400 && status < 500 && !retryable4xx.has(status)) return { kind: 'rejected', status, reason }
  const retryAfterS = Number(headers['retry-after'])
  const wait = Number.isFinite(retryAfterS) && retryAfterS > 0 ? { retryAfterMs: retryAfterS * 1_000 } : {}
  return { kind: 'retry', status, reason, ...wait }
}
