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
import { recordRefusals } from '../runtime/ledger/handle-once.ts'
import type { Ledger } from '../runtime/ledger/ledger.ts'
import type { Entry } from '../runtime/ledger/ledger-entry.ts'
import type { Log } from '../runtime/logging/logger.ts'
import { type EventHandler, handleEvent } from '../runtime/serve/event-handler.ts'
import { type Scored, type ScoringModel, scoreMatch, scorePair } from './score-match.ts'

interface Needs {
  /** @throws NotNowError `model_unavailable` while none is loaded */
  readonly model: () => ScoringModel
  /** Saves a prediction with the entry of its event; false where the event is recorded already. */
  readonly save: (scored: Scored, entry: Entry) => Promise<boolean>
  readonly ledger: Pick<Ledger, 'onceWith' | 'refuse'>
  readonly cache: Pick<Cache, 'set' | 'setIfAbsent' | 'publish'>
  readonly cacheTtlMs: number
  readonly log: Log
  readonly now: () => Date
}

/** Score, save, wake those who wait, reply. An event delivered again is scored again, which is cheaper than a look-up. */
export function inferHandlers(needs: Needs): readonly EventHandler[] {
  const { model, save, ledger, now } = needs
  const refused = (error: RefusedError, event: Event) => composeFailure(predictionFailed, event, error, now())
  const keep = async (scored: Scored, event: Event): Promise<Event> => {
    const { prediction } = scored
    const { subject } = prediction
    const reply = composeReply(predictionCompleted, event, { subject, data: prediction, time: now() })
    const kept = await ledger.onceWith(event, reply, (entry) => save(scored, entry))
    if (kept === reply) await wake(prediction, needs, 'new')
    else if (kept.type === reply.type) await wake(predictionCompleted.data.parse(kept.data), needs, 'again')
    return kept
  }
  const handlers = [
    handleEvent({
      kind: matchScraped,
      run: async (match, event) => keep(await scoreMatch(match, model(), now()), event),
      refused,
    }),
    handleEvent({
      kind: predictionRequested,
      run: async (pair, event) => keep(await scorePair(pair, model(), now()), event),
      refused,
    }),
  ]
  return recordRefusals(handlers, predictionFailed.type, ledger)
}

/**
 * The prediction is stored already; without the cache those who wait find it there, later. One from an event delivered
 * again must not cover a newer one: it fills a gap in the cache only, and when it is old, nobody waits for it any more.
 */
async function wake(
  prediction: Prediction,
  { cache, cacheTtlMs, log, now }: Needs,
  time: 'new' | 'again',
): Promise<void> {
  if (time === 'again' && now().getTime() - Date.parse(prediction.computed_at) > cacheTtlMs) return
  const message: AnswerMessage = { kind: 'prediction', prediction }
  const put = time === 'new' ? cache.set : cache.setIfAbsent
  try {
    // One after the other on the connection, and one wait for both.
    await Promise.all([
      put(predictionKey(prediction.subject), JSON.stringify(prediction), cacheTtlMs),
      cache.publish(answerChannel(prediction.subject), JSON.stringify(message)),
    ])
  } catch (thrown) {
    log.warn({ err: asError(thrown) }, 'the cache is away, nobody was woken')
  }
}
