import type { Event } from '../../functions/runtime/broker/publisher.ts'
import type { Found } from './open-source.ts'
import type { ReplayOptions } from './options.ts'

type Filter = Pick<ReplayOptions, 'type' | 'subject' | 'id' | 'correlation' | 'where' | 'since' | 'until'>

interface Needs {
  readonly options: Filter & Pick<ReplayOptions, 'limit'>
  /** Whether an earlier run has seen to it; such events count for the limit. */
  readonly isDone?: (event: Event) => boolean
  readonly onPassedOver?: (event: Event) => void
  /** Ends the reading, which may find nothing wanted for long. */
  readonly stopping?: AbortSignal
}

function isWanted(event: Event, filter: Filter): boolean {
  const { type, subject, id, correlation, where, since, until } = filter
  const time = Date.parse(event.time ?? '')
  return (
    (type === undefined || event.type === type) &&
    (subject === undefined || event.subject === subject) &&
    (id === undefined || event.id === id) &&
    (correlation === undefined || event['correlationid'] === correlation) &&
    (since === undefined || time >= since.getTime()) &&
    (until === undefined || time < until.getTime()) &&
    where.every(({ isTrue }) => isTrue(event))
  )
}

/** The wanted events, one after another as they are read: a journal may be larger than memory. */
export async function* selectEvents(
  events: AsyncIterable<Found>,
  { options, isDone, onPassedOver, stopping }: Needs,
): AsyncGenerator<Found, void, undefined> {
  let room = options.limit ?? Infinity
  for await (const found of events) {
    const wanted = isWanted(found.event, options)
    if (wanted) room -= 1
    if (!wanted || isDone?.(found.event)) onPassedOver?.(found.event)
    else yield found
    if (room <= 0 || stopping?.aborted) return
  }
}

/** The recorded answers to the wanted events, by the id of the event; an answer stands after its cause. */
export async function collectAnswers(
  events: AsyncIterable<Found>,
  filter: Filter,
): Promise<ReadonlyMap<string, Event>> {
  const asked = new Set<string>()
  const answers = new Map<string, Event>()
  for await (const { event } of events) {
    const cause = event['causationid']
    if (typeof cause === 'string' && asked.has(cause)) answers.set(cause, event)
    if (isWanted(event, filter)) asked.add(event.id)
  }
  return answers
}
