import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { openLineFile } from '../../functions/runtime/broker/line-file.ts'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { asError, NotNowError } from '../../functions/runtime/errors/errors.ts'
import { UsageError } from '../usage-error.ts'
import type { ReplayOptions } from './options.ts'

/** What earlier runs of the same replay have done. */
export interface Progress {
  readonly doneBefore: number
  /** Once true for each time the event was done: a journal may hold an event twice. */
  isDone(event: Event): boolean
  record(event: Event): Promise<void>
  close(): Promise<void>
}

const head = z.object({ replay: z.record(z.string(), z.unknown()) })
const entry = z.object({ id: z.string(), source: z.string() })
type Entry = z.infer<typeof entry>

export const noProgress: Progress = {
  doneBefore: 0,
  isDone: () => false,
  record: () => Promise.resolve(),
  close: () => Promise.resolve(),
}

/**
 * NDJSON: first which events go where, then one done event a line, written as soon as it is done. Positions would be
 * no help: journals rotate and queues move on.
 * @throws UsageError where the file belongs to another replay; NotNowError `journal_unavailable`
 */
export async function openProgress(file: string, options: ReplayOptions): Promise<Progress> {
  const kind = kindOf(options)
  const { lines, isNew } = await readLines(file, kind)
  const times = new Map<string, number>()
  for (const line of lines) times.set(keyOf(line), (times.get(keyOf(line)) ?? 0) + 1)
  if (options['dry-run']) return { ...noProgress, doneBefore: lines.length, isDone: takeFrom(times) }
  const target = await orUnavailable(file, openLineFile(file, { maxBytes: Infinity, keep: 0, sync: false }))
  const write = (line: object) => orUnavailable(file, target.write([`${JSON.stringify(line)}\n`]))
  if (isNew) await write({ replay: kind })
  return {
    doneBefore: lines.length,
    isDone: takeFrom(times),
    record: ({ id, source }) => write({ id, source, at: new Date().toISOString() }),
    close: () => target.close(),
  }
}

const keyOf = ({ id, source }: Entry) => `${source} ${id}`

function takeFrom(times: Map<string, number>): (event: Event) => boolean {
  return (event) => {
    const left = times.get(keyOf(event)) ?? 0
    if (left > 0) times.set(keyOf(event), left - 1)
    return left > 0
  }
}

/** The options that say what is sent where; rate, limit and the like may change between two runs. */
const telling = [
  ...(['journal', 'dead-letters', 'file', 'to', 'redrive', 'same-id'] as const),
  ...(['type', 'subject', 'id', 'correlation', 'where', 'since', 'until'] as const),
]

/** As it stands in a file: without what was not given. */
function kindOf(options: ReplayOptions): Record<string, unknown> {
  const kind = { ...options, where: options.where.map(({ text }) => text) }
  return JSON.parse(JSON.stringify(kind, [...telling])) as Record<string, unknown>
}

async function readLines(file: string, kind: Record<string, unknown>) {
  const [first, ...rest] = (await readIfThere(file)).split('\n').map(parseLine)
  if (first === undefined || (first === null && rest.length === 0)) return { lines: [], isNew: true }
  const begun = head.safeParse(first)
  if (!begun.success) throw new UsageError(`--resume ${file} is no progress of a replay`)
  const names = new Set([...Object.keys(kind), ...Object.keys(begun.data.replay)])
  const changed = [...names].filter(
    (name) => JSON.stringify(kind[name]) !== JSON.stringify(begun.data.replay[name]),
  )
  if (changed.length > 0)
    throw new UsageError(
      `--resume ${file} belongs to a replay with another ${changed.map((name) => `--${name}`).join(', ')}`,
    )
  const lines = rest.flatMap((line) => {
    const parsed = entry.safeParse(line)
    return parsed.success ? [parsed.data] : []
  })
  return { lines, isNew: false }
}

async function readIfThere(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw unavailable(file, thrown)
  }
}

/** null for what a killed process has left unfinished. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return null
  }
}

function orUnavailable<T>(file: string, work: Promise<T>): Promise<T> {
  return work.catch((thrown: unknown) => {
    throw unavailable(file, thrown)
  })
}

function unavailable(file: string, thrown: unknown): NotNowError {
  const cause = asError(thrown)
  return new NotNowError('journal_unavailable', `The progress ${file} cannot be kept: ${cause.message}`, {
    cause,
  })
}
