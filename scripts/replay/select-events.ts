import { readFile } from 'node:fs/promises'
import { CloudEvent } from 'cloudevents'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { readJournal } from '../../functions/runtime/broker/read-journal.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { UsageError } from '../usage-error.ts'
import type { ReplayOptions } from './options.ts'

type Filter = Pick<ReplayOptions, 'type' | 'subject' | 'id' | 'correlation' | 'since' | 'until'>

/** Every event of the files, or else of the journal; lines that are no events are told on stderr and passed over. */
async function* readSource({
  journal,
  file,
}: Pick<ReplayOptions, 'journal' | 'file'>): AsyncGenerator<Event> {
  for (const path of file) yield await readEventFile(path)
  if (file.length > 0) return
  yield* readJournal(journal, ({ file: part, line, reason }) => {
    console.error(`${part}:${line} is passed over: ${reason}`)
  })
}

async function readEventFile(path: string): Promise<Event> {
  try {
    return new CloudEvent(JSON.parse(await readFile(path, 'utf8')) as Partial<Event>)
  } catch (thrown) {
    throw new UsageError(`${path} holds no event: ${asError(thrown).message}`)
  }
}

function isWanted(event: Event, { type, subject, id, correlation, since, until }: Filter): boolean {
  const time = Date.parse(event.time ?? '')
  return (
    (type === undefined || event.type === type) &&
    (subject === undefined || event.subject === subject) &&
    (id === undefined || event.id === id) &&
    (correlation === undefined || event['correlationid'] === correlation) &&
    (since === undefined || time >= since.getTime()) &&
    (until === undefined || time < until.getTime())
  )
}

/** The wanted events, one after another as they are read: a journal may be larger than memory. */
export async function* selectEvents(options: ReplayOptions): AsyncGenerator<Event> {
  let room = options.limit ?? Infinity
  for await (const event of readSource(options)) {
    if (room <= 0) return
    if (!isWanted(event, options)) continue
    room -= 1
    yield event
  }
}

/** The recorded answers to the wanted events, by the id of the event; an answer stands after its cause. */
export async function readAnswers(options: ReplayOptions): Promise<ReadonlyMap<string, Event>> {
  const asked = new Set<string>()
  const answers = new Map<string, Event>()
  for await (const event of readSource(options)) {
    const cause = event['causationid']
    if (typeof cause === 'string' && asked.has(cause)) answers.set(cause, event)
    if (isWanted(event, options)) asked.add(event.id)
  }
  return answers
}
