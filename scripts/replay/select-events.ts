import { readFile } from 'node:fs/promises'
import { CloudEvent } from 'cloudevents'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { readJournal } from '../../functions/runtime/broker/read-journal.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { UsageError } from '../usage-error.ts'
import type { ReplayOptions } from './options.ts'

type Filter = Pick<ReplayOptions, 'type' | 'subject' | 'id' | 'correlation' | 'since' | 'until'>

/** Every event of the files, or else of the journal; lines that are no events are told on stderr and passed over. */
export async function* readSource({
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

export function isWanted(event: Event, { type, subject, id, correlation, since, until }: Filter): boolean {
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
