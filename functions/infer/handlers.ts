import { type AnswerMessage, answerChannel, predictionKey } from '../../events/answer-keys.ts'
import { composeFailure, composeReply } from '../../events/compose.ts'
import { matchScraped } from '../../events/kinds/match-scraped.ts'
import { predictionCompleted } from '../../events/kinds/prediction-completed.ts'
import { predictionFailed } from '../../events/kinds/prediction-failed.ts'
import { predictionRequested } from '../../events/kinds/prediction-requested.ts'
import type { Prediction } from '../../events/prediction.ts'
import type { Event } from '../runtime/broker/publisher.ts'
import type { Cache } from '../runtime/cache/cache.ts'
import { asError, type RefusedError } from '../runtime/errors/errors.ts'
import type { Log } from '../runtime/logging/logger.ts'
import { type EventHandler, handleEvent } from '../runtime/serve/event-handler.ts'
import { type Scored, type ScoringModel, scoreMatch, scorePair } from './score-match.ts'

interface Needs {
  readonly model: ScoringModel
  readonly save: (scored: Scored) => Promise<void>
  readonly cache: Pick<Cache, 'set' | 'publish'>
  readonly cacheTtlMs: number
  readonly log: Log
  readonly now: () => Date
}

/** Score, save, wake those who wait, reply. */
export function inferHandlers(needs: Needs): readonly EventHandler[] {
  const { model, save, now } = needs
  const refused = (error: RefusedError, event: Event) => composeFailure(predictionFailed, event, error, now())
  const finish = async (scored: Scored, event: Event): Promise<Event> => {
    const { prediction } = scored
    await save(scored)
    await wake(prediction, needs)
    return composeReply(predictionCompleted, event, {
      subject: prediction.subject,
      data: prediction,
      time: now(),
    })
  }
  return [
    handleEvent({
      kind: matchScraped,
      run: async (match, event) => finish(await scoreMatch(match, model, now()), event),
      refused,
    }),
    handleEvent({
      kind: predictionRequested,
      run: async (pair, event) => finish(await scorePair(pair, model, now()), event),
      refused,
    }),
  ]
}

/** The prediction is stored already; without the cache those who wait find it there, later. */
async function wake(prediction: Prediction, { cache, cacheTtlMs, log }: Needs): Promise<void> {
  const message: AnswerMessage = { kind: 'prediction', prediction }
  try {
    await cache.set(predictionKey(prediction.subject), JSON.stringify(prediction), cacheTtlMs)
    await cache.publish(answerChannel(prediction.subject), JSON.stringify(message))
  } catch (thrown) {
    log.warn({ err: asError(thrown) }, 'the cache is away, nobody was woken')
  }
}
