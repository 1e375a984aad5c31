import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AnswerMessage, answerChannel, answerMessage } from '../../events/answer-keys.ts'
import { composeEvent } from '../../events/compose.ts'
import type { Failure } from '../../events/failure.ts'
import { matchRequested } from '../../events/kinds/match-requested.ts'
import { predictionRequested } from '../../events/kinds/prediction-requested.ts'
import type { Prediction } from '../../events/prediction.ts'
import type { Event, Publish } from '../runtime/broker/publisher.ts'
import type { Cache } from '../runtime/cache/cache.ts'
import { NotNowError, RefusedError } from '../runtime/errors/errors.ts'
import type { Asked } from './resolve-question.ts'

interface Needs {
  readonly publish: Publish
  readonly cache: Pick<Cache, 'setIfAbsent' | 'delete' | 'subscribe'>
  /** A prediction made since the question was asked; looked up when nobody wakes us (the cache may be away). */
  readonly findCurrent: (asked: Asked) => Promise<Prediction | undefined>
  /** Why a question about the subject was refused since then; looked up likewise. */
  readonly findRefusal: (subject: string, since: Date) => Promise<Failure | undefined>
  readonly timeoutMs: number
  readonly now: () => Date
}

const pollEveryMs = 500
/** The database has a clock of its own. */
const clockSkewMs = 1_000

export type Compute = (asked: Asked, correlationId: string) => Promise<Prediction>

/** One publish per subject however many callers wait, here and in the other replicas. */
export function createBrokerAsker(needs: Needs): Compute {
  const waiting = new Map<string, Promise<Prediction>>()
  return (asked, correlationId) => {
    const shared = waiting.get(asked.subject)
    if (shared) return shared
    const answer = ask(asked, correlationId, needs).finally(() => waiting.delete(asked.subject))
    waiting.set(asked.subject, answer)
    return answer
  }
}

async function ask(asked: Asked, correlationId: string, needs: Needs): Promise<Prediction> {
  const { cache, publish, timeoutMs } = needs
  const ending = new AbortController()
  const woken = Promise.withResolvers<AnswerMessage>()
  const listen = (text: string) => {
    const message = answerMessage.safeParse(JSON.parse(text))
    if (message.success) woken.resolve(message.data)
  }
  const unsubscribe = await unlessAway(cache.subscribe(answerChannel(asked.subject), listen), stayDeaf)
  const flight = `flight:${asked.subject}`
  let ours = false
  try {
    // Without the cache every replica asks for itself: more work, the same answer.
    ours = await unlessAway(cache.setIfAbsent(flight, correlationId, timeoutMs), true)
    const askedAt = needs.now()
    if (ours) await publish(eventFor(asked, correlationId, askedAt))
    const polled = poll(asked, askedAt, needs, ending.signal)
    const late = sleep(timeoutMs, undefined, { signal: ending.signal }).then(() => undefined)
    for (const loser of [polled, late]) loser.catch(() => undefined)
    return read(await Promise.race([woken.promise, polled, late]))
  } finally {
    ending.abort()
    await unsubscribe()
    if (ours) await unlessAway(cache.delete(flight), undefined)
  }
}

const stayDeaf = () => Promise.resolve()

/** The cache may vanish at any time; the answer is then found in the store by looking for it. */
async function unlessAway<T>(attempt: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await attempt
  } catch (thrown) {
    if (thrown instanceof NotNowError && thrown.code === 'cache_unavailable') return otherwise
    throw thrown
  }
}

function read(message: AnswerMessage | undefined): Prediction {
  if (!message) {
    const detail = 'The answer is not ready yet. Ask again in a moment.'
    throw new NotNowError('answer_not_ready', detail, { retryAfterMs: 2_000 })
  }
  if (message.kind === 'prediction') return message.prediction
  const { code, status, detail } = message.failure
  throw new RefusedError(code, status, detail)
}

/** Never settles without a message; ends by rejection when the signal comes. */
async function poll(
  asked: Asked,
  askedAt: Date,
  { findCurrent, findRefusal }: Needs,
  signal: AbortSignal,
): Promise<AnswerMessage> {
  const since = new Date(askedAt.getTime() - clockSkewMs)
  for (;;) {
    await sleep(pollEveryMs, undefined, { signal })
    const prediction = await findCurrent(asked)
    if (prediction) return { kind: 'prediction', prediction }
    const refusal = await findRefusal(asked.subject, since)
    if (refusal) return { kind: 'failure', failure: refusal }
  }
}

function eventFor(asked: Asked, correlationId: string, time: Date): Event {
  const common = { id: randomUUID(), subject: asked.subject, time, correlationId }
  return asked.kind === 'match'
    ? composeEvent(matchRequested, { ...common, data: { match_id: asked.matchId } })
    : composeEvent(predictionRequested, { ...common, data: asked.pair })
}
