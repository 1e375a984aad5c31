import { asError, NotNowError } from '../errors/errors.ts'
import { openLineFile } from './line-file.ts'
import type { EventJournal } from './ports.ts'
import type { Event } from './publisher.ts'

export interface Journal extends EventJournal {
  /** Writes what was taken, then lets go of the file. */
  close(): Promise<void>
}

export interface JournalOptions {
  /** Size at which the file is put aside as `<file>.1`; the ones before move on to `.2`, `.3` …. */
  readonly maxBytes: number
  /** Files put aside that are kept. */
  readonly keep: number
  /** Also wait for the disk, not only for the operating system. */
  readonly sync?: boolean
  readonly now?: () => Date
}

interface Pending {
  readonly line: string
  readonly written: () => void
  readonly failed: (error: NotNowError) => void
}

/** Lines taken and not yet written; a disk that hangs must not fill the memory. */
const maxPendingChars = 32 * 1_048_576
const batchChars = 1_048_576

/**
 * NDJSON: one structured CloudEvent a line, with `recordedtime` added, in the order of the calls.
 * @throws NotNowError `journal_unavailable`, here and in `append`
 */
export async function openJournal(file: string, options: JournalOptions): Promise<Journal> {
  const { maxBytes, keep, sync = false, now = () => new Date() } = options
  const target = await openLineFile(file, { maxBytes, keep, sync }).catch((thrown: unknown) => {
    throw unavailable(file, thrown)
  })
  const pending: Pending[] = []
  let pendingChars = 0
  let writing: Promise<void> | undefined
  let closed = false

  async function writeBatches(): Promise<void> {
    while (pending.length > 0) {
      const batch = pending.splice(0, countForBatch(pending))
      try {
        await target.write(batch.map(({ line }) => line))
        for (const { written } of batch) written()
      } catch (thrown) {
        for (const { failed } of batch) failed(unavailable(file, thrown))
      }
      for (const { line } of batch) pendingChars -= line.length
    }
    writing = undefined
  }

  return {
    append(event) {
      const line = `${JSON.stringify({ ...toPlain(event), recordedtime: now().toISOString() })}\n`
      if (closed) return Promise.reject(unavailable(file, new Error('the journal is closed')))
      if (pendingChars + line.length > maxPendingChars) {
        return Promise.reject(unavailable(file, new Error('too much waits to be written')))
      }
      return new Promise((written, failed) => {
        pending.push({ line, written, failed })
        pendingChars += line.length
        writing ??= writeBatches()
      })
    },
    async close() {
      if (closed) return
      closed = true
      await writing
      await target.close()
    },
  }
}

/** A CloudEvent of the SDK turns itself into JSON by a method; spreading it would miss what that does. */
function toPlain(event: Event): object {
  return JSON.parse(JSON.stringify(event)) as object
}

function countForBatch(pending: readonly Pending[]): number {
  let chars = 0
  const last = pending.findIndex(({ line }) => {
    chars += line.length
    return chars >= batchChars
  })
  return last === -1 ? pending.length : last + 1
}

function unavailable(file: string, thrown: unknown): NotNowError {
  const cause = asError(thrown)
  return new NotNowError('journal_unavailable', `The journal ${file} cannot be written: ${cause.message}`, {
    cause,
  })
}
