import { setTimeout as sleepFor } from 'node:timers/promises'
import { asError, NotNowError } from '../runtime/errors/errors.ts'
import type { Log } from '../runtime/logging/logger.ts'
import type { ScoringModel } from './score-match.ts'

export type LoadedModel = ScoringModel & { close(): Promise<void> }

export interface KeptModel {
  /** @throws NotNowError `model_unavailable` while none is loaded */
  current(): ScoringModel
  close(): Promise<void>
}

interface Needs {
  readonly load: () => Promise<LoadedModel>
  readonly log: Log
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<unknown>
}

const firstPauseMs = 1_000
const longestPauseMs = 60_000

/**
 * Loads the model, and tries on for as long as the registry or the database is away: the process lives and says that it
 * is not ready. A model once loaded stays, whatever becomes of the registry.
 * @throws whatever else the first attempt meets, such as damaged files
 */
export async function keepModel({ load, log, sleep = sleepUntil }: Needs): Promise<KeptModel> {
  const closing = new AbortController()
  let model: LoadedModel | undefined
  let why = 'it is being loaded'

  async function attempt(): Promise<void> {
    const loaded = await load()
    if (closing.signal.aborted) return loaded.close()
    model = loaded
    log.info({ model: loaded.name, version: loaded.version }, 'model loaded')
  }

  async function tryOn(): Promise<void> {
    for (let pauseMs = firstPauseMs; !model && !closing.signal.aborted; pauseMs *= 2) {
      await sleep(Math.min(pauseMs, longestPauseMs), closing.signal)
      await attempt().catch(note)
    }
  }

  function note(thrown: unknown): void {
    const error = asError(thrown)
    why = error.message
    log.warn({ err: error }, 'no model can be loaded, it is tried again')
  }

  let trying: Promise<void> = Promise.resolve()
  try {
    await attempt()
  } catch (thrown) {
    if (!(thrown instanceof NotNowError)) throw thrown
    note(thrown)
    trying = tryOn().catch((ended: unknown) => log.debug({ err: asError(ended) }, 'no model is waited for'))
  }
  return {
    current() {
      if (model) return model
      throw new NotNowError('model_unavailable', `No model has been loaded yet: ${why}`)
    },
    async close() {
      closing.abort()
      await trying
      await model?.close()
    },
  }
}

const sleepUntil = (ms: number, signal: AbortSignal) => sleepFor(ms, undefined, { signal })
