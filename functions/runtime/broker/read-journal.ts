import { open, readdir } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { asError, NotNowError } from '../errors/errors.ts'
import type { Event } from './publisher.ts'

/** An event as the journal keeps it: with the moment at which the broker took charge of it. */
export type JournalledEvent = Event & { readonly recordedtime: string }

export interface BadLine {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly reason: string
}

const name = z.string().min(1)
const journalledEvent = z.looseObject({
  specversion: z.literal('1.0'),
  id: name,
  source: name,
  type: name,
  recordedtime: z.iso.datetime({ offset: true }),
})

/**
 * The events of a journal, oldest first, through the files it has put aside (`<file>.2`, `<file>.1`, `<file>`).
 * A line that holds no event is told to `onBadLine` and left out; none of it ends the reading.
 * @throws NotNowError `journal_unavailable` where there is no such journal or it cannot be read
 */
export async function* readJournal(
  file: string,
  onBadLine: (bad: BadLine) => void,
): AsyncGenerator<JournalledEvent, void, undefined> {
  try {
    for (const part of await listParts(file)) yield* readPart(part, onBadLine)
  } catch (thrown) {
    const cause = asError(thrown)
    throw new NotNowError('journal_unavailable', `The journal ${file} cannot be read: ${cause.message}`, {
      cause,
    })
  }
}

async function listParts(file: string): Promise<string[]> {
  const folder = dirname(file)
  const stem = `${basename(file)}.`
  const names = await readdir(folder)
  const numbers = names
    .filter((entry) => entry.startsWith(stem))
    .map((entry) => Number(entry.slice(stem.length)))
    .filter((n) => Number.isSafeInteger(n) && n > 0)
  const aside = numbers.toSorted((a, b) => b - a).map((n) => join(folder, `${stem}${n}`))
  if (names.includes(basename(file))) return [...aside, file]
  if (aside.length > 0) return aside
  throw new Error('there is no such file')
}

async function* readPart(file: string, onBadLine: (bad: BadLine) => void): AsyncGenerator<JournalledEvent> {
  const handle = await open(file)
  try {
    let line = 0
    for await (const text of handle.readLines()) {
      line += 1
      const parsed = parseLine(text)
      if (typeof parsed === 'string') onBadLine({ file, line, reason: parsed })
      else yield parsed
    }
  } finally {
    await handle.close()
  }
}

/** The event, or why there is none. */
function parseLine(text: string): JournalledEvent | string {
  try {
    const parsed = journalledEvent.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
    return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
  } catch (thrown) {
    return asError(thrown).message
  }
}
