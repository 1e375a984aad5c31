import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CloudEvent } from 'cloudevents'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { readStream } from '../../functions/runtime/broker/rabbit/read-stream.ts'
import { readJournal } from '../../functions/runtime/broker/read-journal.ts'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { UsageError } from '../usage-error.ts'
import type { ReplayOptions } from './options.ts'
import { deadLetterQueues, rabbitUrl, streamQueue } from './rabbit-names.ts'
import { readLetterQueues } from './read-letter-queues.ts'

/** An event of the source. */
export interface Found {
  readonly event: Event
  /** Takes a dead letter out of its queue. Throws NotNowError. */
  readonly remove?: () => void
}

/** Told of what holds no event; where it throws, reading ends. */
export type OnBad = (place: string, reason: string) => void

export interface Source {
  readonly events: AsyncGenerator<Found, void, undefined>
  /** Only afterwards can nothing be removed any more. */
  close(): Promise<void>
}

type Needs = Pick<ReplayOptions, 'journal' | 'dead-letters' | 'file' | 'since' | 'redrive'>

/** Where a bundle writes; DATA_DIR says so when it is not here. */
const fileIn = (environment: Environment, folder: string) =>
  join(environment['DATA_DIR'] || 'data', folder, 'events.ndjson')

/** @throws UsageError; the source may throw NotNowError or RefusedError while it is read */
export function openSource(options: Needs, environment: Environment, onBad: OnBad): Source {
  const { 'dead-letters': which, file, since, redrive } = options
  if (file.length > 0) return passive(readFiles(file, onBad))
  if (which !== undefined) {
    const url = environment['RABBITMQ_URL']
    if (url) return readLetterQueues(url, deadLetterQueues(which), onBad)
    if (redrive)
      throw new UsageError('--redrive wants RABBITMQ_URL: out of a file no letter is taken; see --resume')
    return passive(readLetterFile(fileIn(environment, 'dead-letters'), which, onBad))
  }
  const journal = options.journal ?? fileIn(environment, 'journal')
  const queue = streamQueue(journal)
  if (queue === undefined) return passive(readJournalFile(journal, onBad))
  const onBadMessage = ({ offset, reason }: { offset: number; reason: string }) =>
    onBad(`${queue}:${offset}`, reason)
  return passive(readStream({ url: rabbitUrl(environment), queue, since, onBadMessage }))
}

function passive(events: AsyncGenerator<Event>): Source {
  return {
    events: toFound(events),
    close: async () => {
      await events.return(undefined)
    },
  }
}

async function* toFound(events: AsyncGenerator<Event>): AsyncGenerator<Found, void, undefined> {
  for await (const event of events) yield { event }
}

function readJournalFile(journal: string, onBad: OnBad): AsyncGenerator<Event> {
  return readJournal(journal, ({ file, line, reason }) => onBad(`${file}:${line}`, reason))
}

async function* readLetterFile(file: string, trigger: string, onBad: OnBad): AsyncGenerator<Event> {
  for await (const letter of readJournalFile(file, onBad))
    if (trigger === 'all' || letter['knativeerrordest'] === trigger) yield letter
}

async function* readFiles(files: readonly string[], onBad: OnBad): AsyncGenerator<Event> {
  for (const file of files) {
    const text = await readText(file)
    if (file.endsWith('.ndjson')) yield* parseLines(file, text, onBad)
    else yield parseFile(file, text)
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (thrown) {
    throw new UsageError(`${file} cannot be read: ${asError(thrown).message}`)
  }
}

function parseFile(file: string, text: string): Event {
  try {
    return parseEvent(text)
  } catch (thrown) {
    throw new UsageError(`${file} holds no event: ${asError(thrown).message}`)
  }
}

function* parseLines(file: string, text: string, onBad: OnBad): Generator<Event> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const event = eventOrReason(line)
    if (typeof event === 'string') onBad(`${file}:${index + 1}`, event)
    else yield event
  }
}

function eventOrReason(text: string): Event | string {
  try {
    return parseEvent(text)
  } catch (thrown) {
    return asError(thrown).message
  }
}

const parseEvent = (text: string): Event => new CloudEvent(JSON.parse(text) as Partial<Event>)
