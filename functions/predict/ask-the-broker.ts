import { randomUUID } from 'node:crypto'
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
  const woken = Promise.withResolvers<AnswerMessage | undefined>()
  const stops: (() => void)[] = []
  const listen = (text: string) => {
    const message = answerMessage.safeParse(JSON.parse(text))
    if (message.success) woken.resolve(message.data)
  }
  const unsubscribe = await unlessAway(cache.subscribe(answerChannel(asked.subject), listen), stayDeaf)
  const flight = `flight:${asked.subject}`
  let ours = false
  let answered = false
  try {
    // Without the cache every replica asks for itself: more work, the same answer.
    ours = await unlessAway(cache.setIfAbsent(flight, correlationId, timeoutMs), true)
    const askedAt = needs.now()
    if (ours) await publish(eventFor(asked, correlationId, askedAt))
    stops.push(
      poll(() => lookUp(asked, askedAt, needs), woken),
      startTimer(() => woken.resolve(undefined), timeoutMs),
    )
    const prediction = read(await woken.promise)
    answered = true
    return prediction
  } finally {
    for (const stop of stops) stop()
    await unsubscribe()
    const landed = ours ? unlessAway(cache.delete(flight), undefined) : Promise.resolve()
    // After an answer nobody needs the flight any more; after a failure the next asker must find it gone.
    if (answered) landed.catch(() => undefined)
    else await landed
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

/** Plain timers: a promised one is ended by an error with a stack, and nearly every wait here is ended. */
function startTimer(act: () => void, ms: number): () => void {
  const timer = setTimeout(act, ms)
  return () => clearTimeout(timer)
}

/** Looks again and again, with a pause before each look, until something is found or it is stopped. */
function poll(
  look: () => Promise<AnswerMessage | undefined>,
  { resolve, reject }: Pick<PromiseWithResolvers<AnswerMessage | undefined>, 'resolve' | 'reject'>,
): () => void {
  let stopped = false
  const settle = (found: AnswerMessage | undefined) => {
    if (found) resolve(found)
    else if (!stopped) stopTimer = startTimer(again, pollEveryMs)
  }
  const again = () => void look().then(settle, reject)
  let stopTimer = startTimer(again, pollEveryMs)
  return () => {
    stopped = true
    stopTimer()
  }
}

/** What the store knows of an answer since the question. */
async function lookUp(
  asked: Asked,
  askedAt: Date,
  { findCurrent, findRefusal }: Needs,
): Promise<AnswerMessage | undefined> {
  const prediction = await findCurrent(asked)
  if (prediction) return { kind: 'prediction', prediction }
  const refusal = await findRefusal(asked.subject, new Date(askedAt.getTime() - clockSkewMs))
  return refusal && { kind: 'failure', failure: refusal }
}

function eventFor(asked: Asked, correlationId: string, time: Date): Event {
  const common = { id: randomUUID(), subject: asked.subject, time, correlationId }
  return asked.kind === 'match'
    ? composeEvent(matchRequested, { ...common, data: { match_id: asked.matchId } })
    : composeEvent(predictionRequested, { ...common, data: asked.pair })
}
