import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Deliver, DeliveryOutcome, Event } from '../../functions/runtime/broker/publisher.ts'
import { compareAnswers } from './compare-answers.ts'
import type { ReplayOptions } from './options.ts'

export interface Replayed {
  readonly event: Event
  readonly ok: boolean
  /** For the table: what came of it. */
  readonly result: string
}

interface Needs {
  readonly deliver: Deliver
  /** The answer of the journal to an event, by the event's id. */
  readonly recorded: ReadonlyMap<string, Event>
  readonly options: Pick<ReplayOptions, 'rate' | 'concurrency' | 'same-id' | 'compare' | 'timeout-ms'>
  readonly onDone: (done: Replayed) => void
}

/** Sends the events in order, no faster than the rate, and tells of each as it is done. */
export async function replayEvents(events: AsyncIterator<Event>, needs: Needs): Promise<void> {
  const { rate, concurrency } = needs.options
  const startedMs = performance.now()
  let started = 0
  const work = async () => {
    for (let next = await events.next(); !next.done; next = await events.next()) {
      const dueMs = startedMs + (started++ * 1_000) / rate
      await sleep(Math.max(0, dueMs - performance.now()))
      needs.onDone(await replayOne(next.value, needs))
    }
  }
  await Promise.all(Array.from({ length: concurrency }, work))
}

async function replayOne(event: Event, { deliver, recorded, options }: Needs): Promise<Replayed> {
  const { recordedtime: _, ...original } = event
  const sent = options['same-id'] ? original : { ...original, id: randomUUID() }
  const outcome = await deliver(sent, options['timeout-ms'])
  if (outcome.kind !== 'done')
    return { event, ok: false, result: `${outcome.status}: ${shorten(outcome.reason)}` }
  const answered = outcome.reply ? `answered ${outcome.reply.type}` : 'done'
  if (!options.compare) return { event, ok: true, result: answered }
  return { event, ...compareWithRecord(outcome, recorded.get(event.id)) }
}

function compareWithRecord({ reply }: DeliveryOutcome & { kind: 'done' }, record: Event | undefined) {
  if (!record) return { ok: true, result: 'no answer was recorded' }
  if (!reply) return { ok: false, result: `${record.type} was recorded, no answer came` }
  const difference = compareAnswers(record, reply)
  return { ok: difference === 'same', result: shorten(difference) }
}

const shorten = (text: string) => (text.length > 160 ? `${text.slice(0, 159)}…` : text)
