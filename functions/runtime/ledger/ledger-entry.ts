import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Event } from '../broker/publisher.ts'
import type { Querying } from '../database/statements.ts'

/** Values of the row of one event: `$1` to `$7` of `insertEntry`. */
export type Entry = readonly unknown[]

/** Inserts nothing where the event is recorded already; may stand in a statement that has the effect as well. */
export const insertEntry = `insert into processed_events (function, source, id, type, subject, refused, reply)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`

export function makeEntry(functionName: string, event: Event, reply: Event | null, refused: boolean): Entry {
  const { source, id, type, subject } = event
  const kept = reply === null ? null : toJson(reply)
  return [functionName, toKey(source), toKey(id), toKey(type), subject ? toKey(subject) : null, refused, kept]
}

/** False: it was recorded before. */
export async function addEntry(on: Querying, entry: Entry): Promise<boolean> {
  const statement = { name: 'add-entry', text: `${insertEntry} returning true as added`, values: entry }
  return (await on.query(statement, z.object({ added: z.literal(true) }))).length > 0
}

/** Writes the reply into an entry added by the same transaction. */
export async function setReply(
  on: Querying,
  functionName: string,
  event: Event,
  reply: Event,
): Promise<void> {
  await on.query(
    {
      name: 'set-reply',
      text: 'update processed_events set reply = $4 where function = $1 and source = $2 and id = $3',
      values: [functionName, toKey(event.source), toKey(event.id), toJson(reply)],
    },
    z.never(),
  )
}

const recordedReply = z.looseObject({
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  type: z.string(),
})

/** The reply this event got; undefined where it is not recorded. */
export async function findReply(
  on: Querying,
  functionName: string,
  { source, id }: Event,
): Promise<Event | undefined> {
  const [found] = await on.query(
    {
      name: 'find-reply',
      text: 'select reply from processed_events where function = $1 and source = $2 and id = $3',
      values: [functionName, toKey(source), toKey(id)],
    },
    z.object({ reply: recordedReply }),
  )
  return found?.reply
}

/** Anybody may send any text: what an index or PostgreSQL's text cannot hold is kept by its digest. */
function toKey(text: string): string {
  if (/^[\x20-\x7e]{0,256}$/.test(text)) return text
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** jsonb takes neither U+0000 nor half a surrogate pair; JSON writes both, and little else, with `\u`. */
function toJson(reply: Event): string {
  const text = JSON.stringify(reply)
  if (!text.includes('\\u')) return text
  return JSON.stringify(reply, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '\ufffd') : value,
  )
}
