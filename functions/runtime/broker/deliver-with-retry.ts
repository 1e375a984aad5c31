import { asError } from '../errors/errors.ts'
import type { Log } from '../logging/logger.ts'
import type { DeadLetters, Sleep } from './ports.ts'
import type { DeliveryOutcome, Event, Publish, Trigger } from './publisher.ts'
import { retryDelayMs } from './retry-delay.ts'

interface Needs {
  readonly trigger: Trigger
  /** Takes replies; the broker itself. */
  readonly publish: Publish
  readonly deadLetters: DeadLetters
  readonly log: Log
  readonly sleep: Sleep
  /** Aborts pauses and waits when the broker closes. */
  readonly closing: AbortSignal
}

type Attempt = Extract<DeliveryOutcome, { kind: 'rejected' | 'retry' }> | { readonly kind: 'settled' }

const noAnswer = -1
const deadLetterPauseMs = 5_000

/**
 * Sees one event through: attempts, pauses, and in the end the dead letters.
 * Resolves once the event may leave the queue; rejects only because the broker closes, and then it must stay.
 */
export async function deliverWithRetry(makeEvent: () => Event, needs: Needs): Promise<void> {
  const { trigger, log, sleep, closing } = needs
  const attempt = createAttempt(makeEvent, needs)
  for (let retries = 0; ; retries += 1) {
    const result = await attempt()
    if (result.kind === 'settled') return
    const { status, reason } = result
    const about = { trigger: trigger.name, ...nameOf(makeEvent()), status, reason }
    if (result.kind === 'rejected' || retries >= trigger.retry) {
      log.error({ ...about, attempts: retries + 1 }, 'the event goes to the dead letters')
      return bury({ ...makeEvent(), knativeerrordest: trigger.name, knativeerrorcode: status }, needs)
    }
    const pauseMs = retryDelayMs(trigger, retries + 1, result.retryAfterMs)
    log.warn({ ...about, retry: retries + 1, pauseMs }, 'delivery failed, it will be tried again')
    await sleep(pauseMs, closing)
  }
}

/**
 * One attempt. A reply that could not be handed on is kept: the subscriber has done its work,
 * so the next attempt only hands the reply on again.
 */
function createAttempt(makeEvent: () => Event, needs: Needs): () => Promise<Attempt> {
  let keptReply: Event | undefined
  return async () => {
    if (keptReply === undefined) {
      const outcome = await deliverInTime(makeEvent(), needs)
      if (outcome.kind !== 'done') return outcome
      if (outcome.reply === undefined) return { kind: 'settled' }
      keptReply = outcome.reply
    }
    try {
      await needs.publish(keptReply)
      return { kind: 'settled' }
    } catch (thrown) {
      return noDelivery(`the reply was not taken: ${asError(thrown).message}`)
    }
  }
}

/** The subscriber's own deadline is not trusted: one that hangs or throws counts as one that gave no answer. */
async function deliverInTime(event: Event, { trigger, sleep }: Needs): Promise<DeliveryOutcome> {
  const answered = new AbortController()
  const { deliver, timeoutMs } = trigger
  const late = sleep(timeoutMs, answered.signal).then(
    () => noDelivery(`no answer within ${timeoutMs} ms`),
    () => noDelivery('abandoned'),
  )
  try {
    return await Promise.race([deliver(event, timeoutMs), late])
  } catch (thrown) {
    return noDelivery(asError(thrown).message)
  } finally {
    answered.abort()
  }
}

/** Never gives up while the broker runs: an event leaves its queue only once it is written down elsewhere. */
async function bury(letter: Event, { deadLetters, log, sleep, closing }: Needs): Promise<void> {
  for (;;) {
    try {
      return await deadLetters.append(letter)
    } catch (thrown) {
      log.error(
        { err: asError(thrown), ...nameOf(letter) },
        'the dead letters cannot be written, the event waits',
      )
      await sleep(deadLetterPauseMs, closing)
    }
  }
}

function noDelivery(reason: string): Attempt & { kind: 'retry' } {
  return { kind: 'retry', status: noAnswer, reason }
}

function nameOf({ id, type, source }: Event) {
  return { eventId: id, eventType: type, eventSource: source }
}
