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
import { aPrediction } from '../fixtures/prediction.ts'

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
  const handlers = inferHandlers({ model, save: () => Promise.resolve(), cache, cacheTtlMs: 1_000, log, now })

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
    const reply = expectReply(await run(handlers, cause), cause, 'soccer.prediction.failed.v1')
    expect(reply.data).to.include({ code: 'bad_event_data', status: 422 })
    expect((reply.data as { detail: string }).detail).to.contain('data.status')
  })

  it('are stored before anybody is woken, and not sent when storing fails', async () => {
    const away = new NotNowError('database_unavailable', 'away')
    const broken = inferHandlers({
      model,
      save: () => Promise.reject(away),
      cache,
      cacheTtlMs: 1_000,
      log,
      now,
    })
    const woken: string[] = []
    await cache.subscribe('answer:9100000001', (message) => void woken.push(message))
    const cause = example('soccer.match.scraped.v1')
    expect(await run(broken, cause).catch((error: unknown) => error)).to.equal(away)
    expect(woken).to.deep.equal([])
  })

  it('are sent although the cache is away', async () => {
    const broken = () => Promise.reject(new NotNowError('cache_unavailable', 'away'))
    const lonely = { set: broken, publish: broken }
    const handlersWithout = inferHandlers({
      model,
      save: () => Promise.resolve(),
      cache: lonely,
      cacheTtlMs: 1,
      log,
      now,
    })
    const cause = example('soccer.match.scraped.v1')
    expectReply(await run(handlersWithout, cause), cause, 'soccer.prediction.completed.v1')
  })
})

describe('the events that scrape sends', () => {
  const scraped = example('soccer.match.scraped.v1').data as never
  const listed = example('soccer.fixtures.scraped.v1').data as never
  const handlers = scrapeHandlers({
    scrapeMatch: () => Promise.resolve(scraped),
    scrapeFixtures: () => Promise.resolve(listed),
    now,
  })

  it('tell what was read', async () => {
    const match = example('soccer.match.requested.v1')
    expectReply(await run(handlers, match), match, 'soccer.match.scraped.v1')
    const fixtures = example('soccer.fixtures.requested.v1')
    expectReply(await run(handlers, fixtures), fixtures, 'soccer.fixtures.scraped.v1')
  })

  it('tell why it will never work', async () => {
    const refusing = scrapeHandlers({
      scrapeMatch: () => Promise.reject(new RefusedError('unknown_match', 404, 'The site has no match 7.')),
      scrapeFixtures: () => Promise.resolve(listed),
      now,
    })
    const cause = example('soccer.match.requested.v1')
    const reply = expectReply(await run(refusing, cause), cause, 'soccer.match.failed.v1')
    expect(reply.data).to.deep.equal({
      code: 'unknown_match',
      status: 404,
      detail: 'The site has no match 7.',
    })
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
