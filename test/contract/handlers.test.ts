import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import type { CloudEventV1 } from 'cloudevents'
import { catalogue } from '../../events/catalogue.ts'
import { envelopeSchema } from '../../events/envelope.ts'
import { inferHandlers } from '../../functions/infer/handlers.ts'
import type { ScoringModel } from '../../functions/infer/score-match.ts'
import { predictHandlers } from '../../functions/predict/handlers.ts'
import { createMemoryCache } from '../../functions/runtime/cache/memory-cache.ts'
import { NotNowError, RefusedError } from '../../functions/runtime/errors/errors.ts'
import { createLogger } from '../../functions/runtime/logging/logger.ts'
import type { EventHandler } from '../../functions/runtime/serve/event-handler.ts'
import { scrapeHandlers } from '../../functions/scrape/handlers.ts'
import type { MatchReading } from '../../functions/scrape/sources/whoscored/source.ts'
import { aPrediction } from '../fixtures/prediction.ts'
import { createMemoryLedger } from '../support/memory-ledger.ts'

const now = () => new Date('2026-11-23T18:00:02.000Z')
const log = createLogger({ name: 'test', level: 'silent', format: 'json' })
const example = (type: string, name = 'valid') => {
  const file = fileURLToPath(new URL(`../../events/examples/${type}/${name}.json`, import.meta.url))
  return JSON.parse(readFileSync(file, 'utf8')) as CloudEventV1<unknown>
}
const run = (handlers: readonly EventHandler[], event: CloudEventV1<unknown>) => {
  const handler = handlers.find(({ type }) => type === event.type)
  if (!handler) throw new Error(`nobody handles ${event.type}`)
  return handler.run(event)
}

/** Checks that an event is one of the catalogue, whole and valid, and answers its cause. */
function expectReply(reply: CloudEventV1<unknown> | undefined, cause: CloudEventV1<unknown>, type: string) {
  const envelope = envelopeSchema.parse(reply)
  const kind = catalogue.find((each) => each.type === type)
  expect(envelope).to.include({
    type,
    source: kind?.source,
    causationid: cause.id,
    correlationid: cause['correlationid'],
    subject: cause.subject,
  })
  expect(kind?.data.safeParse(envelope.data).error).to.equal(undefined)
  return envelope
}

const club = (id: string) => ({ id, name: id, country: 'England' })
const model: ScoringModel = {
  name: 'm',
  version: '1',
  alias: 'champion',
  ratingsUntil: new Date('2024-06-28'),
  clubById: club,
  clubByName: (name) => club(`england.${name.toLowerCase()}`),
  predict: () => Promise.resolve({ home: 0.5, draw: 0.3, away: 0.2 }),
}

describe('the events that infer sends', () => {
  const cache = createMemoryCache()
  after(() => cache.close())
  const inferWith = (given: Partial<Parameters<typeof inferHandlers>[0]> = {}) =>
    inferHandlers({
      model: () => model,
      save: () => Promise.resolve(true),
      ledger: createMemoryLedger(),
      cache,
      cacheTtlMs: 1_000,
      log,
      now,
      ...given,
    })
  const handlers = inferWith()

  for (const type of ['soccer.match.scraped.v1', 'soccer.prediction.requested.v1']) {
    it(`answer ${type} with a completed prediction, the same id each time`, async () => {
      const cause = example(type)
      const first = expectReply(await run(handlers, cause), cause, 'soccer.prediction.completed.v1')
      expect((await run(handlers, cause))?.id).to.equal(first.id)
      expect((await run(handlers, { ...cause, id: 'other' }))?.id).to.not.equal(first.id)
    })
  }

  it('answer bad data with a failed prediction that names the place', async () => {
    const cause = example('soccer.match.scraped.v1', 'invalid-status')
    const reply = expectReply(await run(inferWith(), cause), cause, 'soccer.prediction.failed.v1')
    expect(reply.data).to.include({ code: 'bad_event_data', status: 422 })
    expect((reply.data as { detail: string }).detail).to.contain('data.status')
  })

  it('are stored before anybody is woken, and not sent when storing fails', async () => {
    const away = new NotNowError('database_unavailable', 'away')
    const broken = inferWith({ save: () => Promise.reject(away) })
    const woken: string[] = []
    await cache.subscribe('answer:9100000001', (message) => void woken.push(message))
    const cause = example('soccer.match.scraped.v1')
    expect(await run(broken, cause).catch((error: unknown) => error)).to.equal(away)
    expect(woken).to.deep.equal([])
  })

  it('are sent although the cache is away', async () => {
    const broken = () => Promise.reject(new NotNowError('cache_unavailable', 'away'))
    const lonely = inferWith({ cache: { set: broken, setIfAbsent: broken, publish: broken } })
    const cause = example('soccer.match.scraped.v1')
    expectReply(await run(lonely, cause), cause, 'soccer.prediction.completed.v1')
  })

  it('wait for the model', async () => {
    const waiting = new NotNowError('model_unavailable', 'none')
    const modelless = inferWith({
      model: () => {
        throw waiting
      },
    })
    const cause = example('soccer.match.scraped.v1')
    expect(await run(modelless, cause).catch((error: unknown) => error)).to.equal(waiting)
  })

  describe('to an event delivered again', () => {
    const cause = example('soccer.match.scraped.v1')
    const key = 'prediction:9100000001'
    const otherModel = (): ScoringModel => ({
      ...model,
      predict: () => Promise.resolve({ home: 0.2, draw: 0.3, away: 0.5 }),
    })

    it('are those of the first time, which wake the waiters once more', async () => {
      const ledger = createMemoryLedger()
      const woken: string[] = []
      const stop = await cache.subscribe('answer:9100000001', (message) => void woken.push(message))
      const first = await run(inferWith({ ledger }), cause)
      await cache.delete(key)
      const again = await run(inferWith({ ledger, model: otherModel }), cause)
      await stop()
      expect(again).to.deep.equal(first)
      expect(woken).to.have.length(2)
      expect(JSON.parse(woken[1] ?? '')).to.deep.equal(JSON.parse(woken[0] ?? ''))
      expect(JSON.parse((await cache.get(key)) ?? '')).to.deep.equal(first?.data)
    })

    it('cover no newer prediction, and when they are old, wake nobody', async () => {
      const ledger = createMemoryLedger()
      await run(inferWith({ ledger }), cause)
      await cache.set(key, 'a newer one', 60_000)
      await run(inferWith({ ledger }), cause)
      expect(await cache.get(key)).to.equal('a newer one')
      await cache.delete(key)
      await run(inferWith({ ledger, now: () => new Date(now().getTime() + 1_001) }), cause)
      expect(await cache.get(key)).to.equal(undefined)
    })

    it('stay refusals, though it would work by now, and the other way round', async () => {
      const knowsNobody = (): ScoringModel => ({
        ...model,
        clubByName: () => {
          throw new RefusedError('unknown_club', 422, 'Nobody knows it.')
        },
      })
      const refusedFirst = createMemoryLedger()
      const refusal = await run(inferWith({ ledger: refusedFirst, model: knowsNobody }), cause)
      expect(refusal?.type).to.equal('soccer.prediction.failed.v1')
      expect(await run(inferWith({ ledger: refusedFirst }), cause)).to.deep.equal(refusal)
      const doneFirst = createMemoryLedger()
      const done = await run(inferWith({ ledger: doneFirst }), cause)
      expect(await run(inferWith({ ledger: doneFirst, model: knowsNobody }), cause)).to.deep.equal(done)
    })
  })
})

describe('the events that scrape sends', () => {
  const reading: MatchReading = {
    match: {
      matchId: 9_100_000_001,
      home: { teamId: 1, name: 'Arsenal' },
      away: { teamId: 2, name: 'Chelsea' },
      kickoff: new Date('2026-11-28T15:00:00Z'),
      status: 'scheduled',
      statusCode: 1,
      statusText: '',
      score: null,
      homeCountry: 'England',
      awayCountry: 'England',
      lineups: null,
      hasPreview: true,
    },
    missingPlayers: null,
    predictedLineups: null,
    readAt: now(),
  }
  let visits = 0
  const scrapeWith = (readMatch: () => Promise<MatchReading>, ledger = createMemoryLedger()) =>
    scrapeHandlers({
      readingFor: () => ({
        readMatch: () => {
          visits += 1
          return readMatch()
        },
        readFixtures: () => Promise.resolve([]),
        now,
      }),
      saveMatch: () => Promise.resolve({ country: 'England', competition: 'Premier League' }),
      saveFixtures: () => Promise.resolve(),
      ledger,
      now,
    })
  const page = () => Promise.resolve(reading)
  const gone = () => Promise.reject(new RefusedError('unknown_match', 404, 'The site has no match 7.'))
  beforeEach(() => {
    visits = 0
  })

  it('tell what was read', async () => {
    const handlers = scrapeWith(page)
    const match = example('soccer.match.requested.v1')
    expectReply(await run(handlers, match), match, 'soccer.match.scraped.v1')
    const fixtures = example('soccer.fixtures.requested.v1')
    expectReply(await run(handlers, fixtures), fixtures, 'soccer.fixtures.scraped.v1')
  })

  it('tell why it will never work', async () => {
    const cause = example('soccer.match.requested.v1')
    const reply = expectReply(await run(scrapeWith(gone), cause), cause, 'soccer.match.failed.v1')
    expect(reply.data).to.deep.equal({
      code: 'unknown_match',
      status: 404,
      detail: 'The site has no match 7.',
    })
  })

  for (const [what, read] of [
    ['a page', page],
    ['a refusal', gone],
  ] as const) {
    it(`are the same for an event delivered again, and the site is not visited again after ${what}`, async () => {
      const cause = example('soccer.match.requested.v1')
      const ledger = createMemoryLedger()
      const handlers = scrapeWith(read, ledger)
      const [first, meanwhile] = await Promise.all([run(handlers, cause), run(handlers, cause)])
      expect(meanwhile).to.deep.equal(first)
      expect(await run(handlers, cause)).to.deep.equal(first)
      expect(await run(scrapeWith(read, ledger), cause)).to.deep.equal(first)
      expect(visits).to.equal(1)
      await run(handlers, { ...cause, source: '/somebody/else' })
      expect(visits).to.equal(2)
    })
  }

  it('are not there for what could not be had, which is tried again', async () => {
    const cause = example('soccer.match.requested.v1')
    const ledger = createMemoryLedger()
    const away = () => Promise.reject(new NotNowError('source_slow', 'slow'))
    expect(await run(scrapeWith(away, ledger), cause).catch((error: unknown) => error)).to.include({
      code: 'source_slow',
    })
    expect((await run(scrapeWith(page, ledger), cause))?.type).to.equal('soccer.match.scraped.v1')
  })
})

describe('the events that predict takes and sends', () => {
  const refusals: unknown[] = []
  const handlers = predictHandlers({
    refuse: (subject, why) => Promise.resolve(void refusals.push([subject, why])),
    answer: ({ subject }) =>
      Promise.resolve({
        prediction: aPrediction({ subject, match_id: null }),
        source: 'computed' as const,
        outdated: false,
      }),
    now,
  })

  it('wake those who wait for a refused answer', async () => {
    for (const type of ['soccer.match.failed.v1', 'soccer.prediction.failed.v1']) {
      expect(await run(handlers, example(type))).to.equal(undefined)
    }
    expect(refusals).to.deep.equal([
      ['9100000001', example('soccer.match.failed.v1').data],
      ['9100000001', example('soccer.prediction.failed.v1').data],
    ])
  })

  it('answer a question asked as an event', async () => {
    for (const type of ['soccer.match.requested.v1', 'soccer.prediction.requested.v1']) {
      const cause = example(type)
      expectReply(await run(handlers, cause), cause, 'soccer.prediction.completed.v1')
    }
  })
})
