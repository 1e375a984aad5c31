import type { Prediction } from '../../events/prediction.ts'
import { NotNowError } from '../runtime/errors/errors.ts'
import type { Asked } from './resolve-question.ts'

/** A prediction as the store holds it. */
export interface StoredPrediction {
  readonly prediction: Prediction
  /** When the page of its match was last read; null: never, or there is no match. */
  readonly pageReadAt: Date | null
  /** Whether the page still says what it said when this prediction was made. */
  readonly samePage: boolean
}

/** Where an answer came from. */
export type AnswerSource = 'hit' | 'stored' | 'computed'

export interface Answered {
  readonly prediction: Prediction
  readonly source: AnswerSource
  /** True when a newer answer was wanted and could not be had, or could not be looked for. */
  readonly outdated: boolean
}

export interface AnswerNeeds {
  /** From the cache; undefined on a miss and when the cache is away. */
  readonly cached: (subject: string) => Promise<Prediction | undefined>
  /** Throws RefusedError when the same question was refused a moment ago. */
  readonly assertNotRefused: (subject: string) => Promise<void>
  readonly stored: (subject: string) => Promise<StoredPrediction | undefined>
  readonly remember: (prediction: Prediction) => Promise<void>
  /** Sends the question through the broker and waits for the answer or the deadline. */
  /** Whether the store is away, as far as is known without asking it. */
  readonly storeIsAway: () => boolean
  readonly compute: (asked: Asked, correlationId: string) => Promise<Prediction>
  readonly now: () => Date
  readonly pageMaxAgeMs: number
}

/**
 * Cache, then store, then the model. A stored answer that wants renewing is still given when renewing is not
 * possible right now: old and marked beats none.
 */
export async function answerQuestion(
  asked: Asked,
  correlationId: string,
  needs: AnswerNeeds,
): Promise<Answered> {
  const hit = await needs.cached(asked.subject)
  // Without the store nobody can tell whether there is a newer one, and none can be made.
  if (hit) return { prediction: hit, source: 'hit', outdated: needs.storeIsAway() }
  // Both at once, but a refusal is told whatever the store says.
  const looking = needs.stored(asked.subject)
  looking.catch(() => undefined)
  await needs.assertNotRefused(asked.subject)
  const stored = await looking
  if (stored && isCurrent(asked, stored, needs)) {
    await needs.remember(stored.prediction)
    return { prediction: stored.prediction, source: 'stored', outdated: false }
  }
  try {
    const prediction = await needs.compute(asked, correlationId)
    return { prediction, source: 'computed', outdated: false }
  } catch (thrown) {
    if (!stored || !(thrown instanceof NotNowError)) throw thrown
    return { prediction: stored.prediction, source: 'stored', outdated: true }
  }
}

/** Two clubs depend on the ratings alone; a match also on its page, which nobody reads again after kick-off. */
export function isCurrent(
  asked: Asked,
  { prediction, pageReadAt, samePage }: StoredPrediction,
  { now, pageMaxAgeMs }: Pick<AnswerNeeds, 'now' | 'pageMaxAgeMs'>,
): boolean {
  if (asked.kind === 'pair') return true
  if (new Date(prediction.kickoff) < now()) return true
  return samePage && pageReadAt !== null && now().getTime() - pageReadAt.getTime() < pageMaxAgeMs
}
