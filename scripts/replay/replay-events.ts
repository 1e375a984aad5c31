import { setTimeout as sleep } from 'node:timers/promises'
import type { Deliver, DeliveryOutcome, Event } from '../../functions/runtime/broker/publisher.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { compareAnswers } from './compare-answers.ts'
import { composeReplay } from './compose-replay.ts'
import type { Found } from './open-source.ts'
import type { ReplayOptions } from './options.ts'

export interface Replayed {
  readonly event: Event
  /** `different`: handled, but the answer is not the recorded one. */
  readonly outcome: 'ok' | 'failed' | 'different'
  /** For the table: what came of it. */
  readonly result: string
}

interface Needs {
  readonly deliver: Deliver
  /** The answer of the journal to an event, by the event's id. */
  readonly recorded: ReadonlyMap<string, Event>
  readonly options: Pick<
    ReplayOptions,
    'rate' | 'concurrency' | 'same-id' | 'redrive' | 'compare' | 'timeout-ms'
  >
  /** No event is begun any more after this. */
  readonly stopping: AbortSignal
  readonly onDone: (done: Replayed) => Promise<void>
}

/**
 * Sends the events in order, no faster than the rate, and tells of each as it is done.
 * Whatever ends it, those under way are finished first.
 */
export async function replayEvents(events: AsyncIterator<Found>, needs: Needs): Promise<void> {
  const { rate, concurrency } = needs.options
  const failing = new AbortController()
  const stopping = AbortSignal.any([needs.stopping, failing.signal])
  const startedMs = performance.now()
  let started = 0
  const work = async () => {
    while (!stopping.aborted) {
      const next = await events.next()
      if (next.done) return
      const dueMs = startedMs + (started++ * 1_000) / rate
      await pause(dueMs - performance.now(), stopping)
      if (stopping.aborted) return
      await needs.onDone(await replayOne(next.value, needs))
    }
  }
  const workers = Array.from({ length: concurrency }, () =>
    work().catch((thrown: unknown) => failing.abort(asError(thrown))),
  )
  await Promise.all(workers)
  failing.signal.throwIfAborted()
}

async function pause(ms: number, stopping: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal: stopping }).catch(() => undefined)
}

async function replayOne({ event, remove }: Found, needs: Needs): Promise<Replayed> {
  const { deliver, recorded, options } = needs
  const outcome = await deliver(composeReplay(event, options), options['timeout-ms'])
  if (outcome.kind !== 'done')
    return { event, outcome: 'failed', result: `${outcome.status}: ${shorten(outcome.reason)}` }
  if (options.redrive && remove) {
    try {
      remove()
    } catch (thrown) {
      return {
        event,
        outcome: 'failed',
        result: `was taken, but is a dead letter still: ${asError(thrown).message}`,
      }
    }
  }
  if (options.compare) return { event, ...compareWithRecord(outcome, recorded.get(event.id)) }
  return { event, outcome: 'ok', result: outcome.reply ? `answered ${outcome.reply.type}` : 'done' }
}

function compareWithRecord(
  { reply }: DeliveryOutcome & { kind: 'done' },
  record: Event | undefined,
): Pick<Replayed, 'outcome' | 'result'> {
  if (!record) return { outcome: 'ok', result: 'no answer was recorded' }
  if (!reply) return { outcome: 'different', result: `${record.type} was recorded, no answer came` }
  const difference = compareAnswers(record, reply)
  return { outcome: difference === 'same' ? 'ok' : 'different', result: shorten(difference) }
}

const shorten = (text: string) => (text.length > 160 ? `${text.slice(0, 159)}…` : text)
