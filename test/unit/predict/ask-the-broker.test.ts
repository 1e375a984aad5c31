import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { answerChannel } from '../../../events/answer-keys.ts'
import { createBrokerAsker } from '../../../functions/predict/ask-the-broker.ts'
import { keepRecentAnswers } from '../../../functions/predict/recent-answers.ts'
import type { Asked } from '../../../functions/predict/resolve-question.ts'
import type { Event } from '../../../functions/runtime/broker/publisher.ts'
import type { Cache } from '../../../functions/runtime/cache/cache.ts'
import { createMemoryCache } from '../../../functions/runtime/cache/memory-cache.ts'
import { NotNowError } from '../../../functions/runtime/errors/errors.ts'
import { createLogger } from '../../../functions/runtime/logging/logger.ts'
import { aPrediction } from '../../fixtures/prediction.ts'

const log = createLogger({ name: 'test', level: 'silent', format: 'json' })
const match: Asked = { kind: 'match', subject: '7', matchId: 7 }
const prediction = aPrediction()
const now = () => new Date('2026-11-23T18:00:00Z')

describe('asking through the broker', () => {
  let cache: Cache
  let published: Event[]
  let findCurrent: () => Promise<typeof prediction | undefined>
  let findRefusal: (subject: string, since: Date) => Promise<typeof failure | undefined>

  beforeEach(() => {
    cache = createMemoryCache()
    published = []
    findCurrent = () => Promise.resolve(undefined)
    findRefusal = () => Promise.resolve(undefined)
  })
  afterEach(() => cache.close())

  const asker = (timeoutMs = 2_000) =>
    createBrokerAsker({
      cache,
      timeoutMs,
      now,
      findCurrent: () => findCurrent(),
      findRefusal: (subject, since) => findRefusal(subject, since),
      publish: (event) => Promise.resolve(void published.push(event)),
    })
  const wake = () => cache.publish(answerChannel('7'), JSON.stringify({ kind: 'prediction', prediction }))
  const refuse = () => keepRecentAnswers({ cache, log, ttlMs: 1_000, refusalTtlMs: 1_000 }).refuse
  const failure = { code: 'unknown_match', status: 404, detail: 'No such match.' }

  it('publishes one event for all who wait, in this process and in others', async () => {
    const [here, elsewhere] = [asker(), asker()]
    const answers = [here(match, 'r1'), here(match, 'r2'), elsewhere(match, 'r3')]
    await sleep(20)
    await wake()
    expect(await Promise.all(answers)).to.deep.equal([prediction, prediction, prediction])
    expect(published).to.have.length(1)
    expect(published[0]).to.include({
      type: 'soccer.match.requested.v1',
      subject: '7',
      correlationid: 'r1',
      time: '2026-11-23T18:00:00.000Z',
    })
    expect(published[0]?.data).to.deep.equal({ match_id: 7 })
  })

  it('asks again for the next question', async () => {
    const ask = asker()
    for (const id of ['r1', 'r2']) {
      const answer = ask(match, id)
      await sleep(10)
      await wake()
      await answer
    }
    expect(published).to.have.length(2)
  })

  it('passes on a refusal', async () => {
    const answer = asker()(match, 'r1')
    await sleep(10)
    await refuse()('7', failure)
    expect(await answer.catch((error: unknown) => error)).to.include({ code: 'unknown_match', status: 404 })
  })

  it('finds the answer in the store when nobody wakes it', async () => {
    findCurrent = () => Promise.resolve(prediction)
    expect(await asker()(match, 'r1')).to.deep.equal(prediction)
  })

  it('asks and finds the answer in the store when the cache is away', async () => {
    await cache.close()
    findCurrent = () => Promise.resolve(published.length > 0 ? prediction : undefined)
    expect(await asker()(match, 'r1')).to.deep.equal(prediction)
    expect(published).to.have.length(1)
  })

  it('finds the refusal in the store when the cache is away, but none from before the question', async () => {
    await cache.close()
    const looked: unknown[] = []
    findRefusal = (subject, since) => {
      looked.push([subject, since.toISOString()])
      return Promise.resolve(failure)
    }
    expect(await asker()(match, 'r1').catch((error: unknown) => error)).to.include({
      code: 'unknown_match',
      status: 404,
      message: 'No such match.',
    })
    // A second is left to the clock of the database.
    expect(looked).to.deep.equal([['7', '2026-11-23T17:59:59.000Z']])
  })

  it('gives up at the deadline with a hint when to come back', async () => {
    const thrown: unknown = await asker(50)(match, 'r1').catch((error: unknown) => error)
    expect(thrown).to.be.instanceOf(NotNowError)
    expect(thrown).to.include({ code: 'answer_not_ready', retryAfterMs: 2_000 })
  })

  it('says so at once when the broker takes nothing, and lets the next question try', async () => {
    let attempts = 0
    const ask = createBrokerAsker({
      cache,
      timeoutMs: 1_000,
      now,
      findCurrent: () => findCurrent(),
      findRefusal: (subject, since) => findRefusal(subject, since),
      publish: () => {
        attempts += 1
        return Promise.reject(new NotNowError('broker_unavailable', 'away'))
      },
    })
    for (const attempt of [1, 2]) {
      const startedMs = performance.now()
      expect(await ask(match, 'r1').catch((error: unknown) => error)).to.include({
        code: 'broker_unavailable',
      })
      // Neither the deadline nor the first look into the store is waited for.
      expect(performance.now() - startedMs).to.be.below(400)
      expect(attempts).to.equal(attempt)
      expect(await cache.get('flight:7')).to.equal(undefined)
    }
  })
})

describe('recent answers', () => {
  it('remembers predictions and refusals', async () => {
    const cache = createMemoryCache()
    const recent = keepRecentAnswers({ cache, log, ttlMs: 1_000, refusalTtlMs: 1_000 })
    await recent.remember(prediction)
    expect(await recent.cached('7')).to.deep.equal(prediction)
    await recent.assertNotRefused('8')
    await recent.refuse('8', { code: 'unknown_match', status: 404, detail: 'No such match.' })
    expect(await recent.assertNotRefused('8').catch((error: unknown) => error)).to.include({ status: 404 })
    await cache.close()
  })

  it('takes a cache that is away for an empty one', async () => {
    const broken = () => Promise.reject(new NotNowError('cache_unavailable', 'away'))
    const cache = { get: broken, set: broken, publish: broken }
    const recent = keepRecentAnswers({ cache, log, ttlMs: 1_000, refusalTtlMs: 1_000 })
    expect(await recent.cached('7')).to.equal(undefined)
    await recent.assertNotRefused('7')
    await recent.remember(prediction)
    await recent.refuse('7', { code: 'x', status: 404, detail: 'x' })
  })
})
