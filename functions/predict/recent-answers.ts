import { type AnswerMessage, answerChannel, failureKey, predictionKey } from '../../events/answer-keys.ts'
import { type Failure, failure } from '../../events/failure.ts'
import { type Prediction, predictionSchema } from '../../events/prediction.ts'
import type { Cache } from '../runtime/cache/cache.ts'
import { asError, RefusedError } from '../runtime/errors/errors.ts'
import type { Log } from '../runtime/logging/logger.ts'

/** Answers of the last minutes. The cache may be away at any time: that is a miss, never a fault of the asker. */
export interface RecentAnswers {
  readonly cached: (subject: string) => Promise<Prediction | undefined>
  readonly assertNotRefused: (subject: string) => Promise<void>
  readonly remember: (prediction: Prediction) => Promise<void>
  /** Keeps a refusal for a while and wakes everybody who waits for an answer. */
  readonly refuse: (subject: string, why: Failure) => Promise<void>
}

interface Needs {
  readonly cache: Pick<Cache, 'get' | 'set' | 'publish'>
  readonly log: Log
  readonly ttlMs: number
  readonly refusalTtlMs: number
}

export function keepRecentAnswers({ cache, log, ttlMs, refusalTtlMs }: Needs): RecentAnswers {
  async function orMiss<T>(attempt: () => Promise<T>): Promise<T | undefined> {
    try {
      return await attempt()
    } catch (thrown) {
      log.warn({ err: asError(thrown) }, 'the cache is away')
      return undefined
    }
  }
  const read = (key: string) => orMiss(() => cache.get(key))

  return {
    async cached(subject) {
      const text = await read(predictionKey(subject))
      return text === undefined ? undefined : predictionSchema.parse(JSON.parse(text))
    },
    async assertNotRefused(subject) {
      const text = await read(failureKey(subject))
      if (text === undefined) return
      const { code, status, detail } = failure.parse(JSON.parse(text))
      throw new RefusedError(code, status, detail)
    },
    async remember(prediction) {
      await orMiss(() => cache.set(predictionKey(prediction.subject), JSON.stringify(prediction), ttlMs))
    },
    async refuse(subject, why) {
      const message: AnswerMessage = { kind: 'failure', failure: why }
      await orMiss(async () => {
        await cache.set(failureKey(subject), JSON.stringify(why), refusalTtlMs)
        await cache.publish(answerChannel(subject), JSON.stringify(message))
      })
    },
  }
}
