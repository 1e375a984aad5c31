import type { Express } from 'express'
import type { Context } from '../runtime/serve/context.ts'
import { createEventRequestHandler } from '../runtime/serve/handle-event-request.ts'
import { composeAnswer } from './answer.ts'
import { type Answered, answerQuestion, isCurrent } from './answer-question.ts'
import { createBrokerAsker } from './ask-the-broker.ts'
import { keepDirectory } from './club-directory.ts'
import type { PredictConfig } from './config.ts'
import { predictHandlers } from './handlers.ts'
import { createApp } from './http/app.ts'
import { keepRecentAnswers, type RecentAnswers } from './recent-answers.ts'
import { type Asked, resolveQuestion } from './resolve-question.ts'
import { findModel } from './sql/find-model.ts'
import { findRefusal } from './sql/find-refusal.ts'
import { findStoredPrediction } from './sql/find-stored-prediction.ts'
import { listClubs } from './sql/list-clubs.ts'
import { listUpcomingMatches } from './sql/list-upcoming-matches.ts'
import { type WatchedDatabase, watchDatabase } from './watch-database.ts'

const alias = 'champion'

/** Wires the predict function to its stores. */
export function openPredict(context: Context, config: PredictConfig, version: string): Express {
  const { log, metrics, lifecycle, stores } = context
  const { cache } = stores
  const database = watchDatabase(stores.database)
  lifecycle.onStop('database watch', () => database.close())
  const now = () => new Date()
  const clubs = keepDirectory(() => listClubs(database), now)
  const recent = keepRecentAnswers({
    cache,
    log,
    ttlMs: config.CACHE_TTL_MS,
    refusalTtlMs: config.REFUSAL_TTL_MS,
  })
  const answer = openAnswer({ context, config, database, recent, now })
  const handlers = predictHandlers({ refuse: recent.refuse, answer, now })
  return createApp({
    context,
    version,
    now,
    clubs,
    ask: (question, requestId) =>
      lifecycle.track(async () => {
        const answered = await answer(await resolveQuestion(question, { clubs, now }), requestId)
        return composeAnswer(answered, { now: now(), staleAfterMs: config.STALE_AFTER_MS, requestId })
      }),
    upcoming: (page) => listUpcomingMatches(database, page),
    model: (name) => findModel(database, name),
    checks: {
      database: () => database.ping(),
      model: async () => void (await clubs()),
    },
    dispensable: { cache: () => cache.ping() },
    handleEvent: createEventRequestHandler({ handlers, log, metrics, lifecycle, functionName: 'predict' }),
  })
}

interface AnswerParts {
  readonly context: Context
  readonly config: PredictConfig
  readonly database: WatchedDatabase
  readonly recent: RecentAnswers
  readonly now: () => Date
}

/** The way from a question to its answer, counted by where the answer came from. */
function openAnswer({ context, config, database, recent, now }: AnswerParts) {
  const { cache, publish } = context.stores
  const stored = (subject: string) => findStoredPrediction(database, subject, alias)
  const freshness = { now, pageMaxAgeMs: config.PAGE_MAX_AGE_MS }
  const findCurrent = async (asked: Asked) => {
    const found = await stored(asked.subject)
    return found && isCurrent(asked, found, freshness) ? found.prediction : undefined
  }
  const compute = createBrokerAsker({
    publish,
    cache,
    findCurrent,
    findRefusal: (subject, since) => findRefusal(database, subject, since),
    timeoutMs: config.ANSWER_TIMEOUT_MS,
    now,
  })
  const needs = { ...recent, ...freshness, stored, storeIsAway: () => database.isAway(), compute }
  const answers = context.metrics.counter(
    'soccer_predictions_total',
    'Predictions answered, by where they came from',
    ['cache'],
  )
  return async (asked: Asked, correlationId: string): Promise<Answered> => {
    const answered = await answerQuestion(asked, correlationId, needs)
    answers.inc({ cache: answered.source })
    return answered
  }
}
