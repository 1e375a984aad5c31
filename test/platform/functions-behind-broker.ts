import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { z } from 'zod'
import type { FunctionName } from '../../scripts/start/triggers.ts'
import { eventually } from '../support/eventually.ts'
import { ask, root } from '../support/running-bundle.ts'
import { untilLetters } from './data-plane.ts'
import type { OpenDataPlane } from './support/data-plane.ts'
import { type Functions, openFunctions, triggersOf } from './support/open-functions.ts'
import { type Received, type Subscriber, startSubscriber } from './support/subscriber.ts'

const examples = join(root, 'events/examples')
const eventSchema = z.looseObject({ id: z.string(), type: z.string(), time: z.string(), data: z.unknown() })
const exampleOf = (type: string, name: string) =>
  eventSchema.parse(JSON.parse(readFileSync(join(examples, type, name), 'utf8')))
const matchesSchema = z.object({ matches: z.array(z.object({ match_id: z.number() })) })

/** What comes of each example that can never work: the function that gets it, and how that says so. */
const refusals: readonly (readonly [type: string, name: string, to: FunctionName, answer: string])[] = [
  ['soccer.fixtures.requested.v1', 'invalid-backwards.json', 'scrape', 'soccer.match.failed.v1'],
  ['soccer.fixtures.requested.v1', 'invalid-too-many-days.json', 'scrape', 'soccer.match.failed.v1'],
  ['soccer.match.failed.v1', 'invalid-no-detail.json', 'predict', 'soccer.prediction.failed.v1'],
  ['soccer.match.failed.v1', 'invalid-server-status.json', 'predict', 'soccer.prediction.failed.v1'],
  ['soccer.match.requested.v1', 'invalid-match-id-is-text.json', 'scrape', 'soccer.match.failed.v1'],
  ['soccer.match.requested.v1', 'invalid-no-subject.json', 'scrape', 'soccer.match.failed.v1'],
  ['soccer.match.requested.v1', 'invalid-unknown-field.json', 'scrape', 'soccer.match.failed.v1'],
  ['soccer.match.scraped.v1', 'invalid-kickoff-without-zone.json', 'infer', 'soccer.prediction.failed.v1'],
  ['soccer.match.scraped.v1', 'invalid-status.json', 'infer', 'soccer.prediction.failed.v1'],
  ['soccer.prediction.failed.v1', 'invalid-no-detail.json', 'predict', 'soccer.prediction.failed.v1'],
  ['soccer.prediction.failed.v1', 'invalid-server-status.json', 'predict', 'soccer.prediction.failed.v1'],
  ['soccer.prediction.requested.v1', 'invalid-club-id.json', 'infer', 'soccer.prediction.failed.v1'],
  ['soccer.prediction.requested.v1', 'invalid-same-club.json', 'infer', 'soccer.prediction.failed.v1'],
]

/** The three functions as Knative runs them: each alone, the broker between them. */
export function describeFunctionsBehindBroker(name: string, open: OpenDataPlane): void {
  describe(`the functions behind ${name}`, function () {
    this.timeout(120_000)
    let functions: Functions
    let observer: Subscriber
    before(async () => {
      observer = await startSubscriber()
      functions = await openFunctions(open, (urls) => [
        { name: 'observer', filter: {}, url: observer.url, parallelism: 4 },
        { name: 'stray', filter: { type: 'soccer.unknown.v1' }, url: urls.infer },
      ])
    })
    after(async () => {
      await functions?.close()
      await observer?.close()
    })

    const send = async (headers: Record<string, string>, body: string) => {
      const answer = await fetch(functions.plane.ingressUrl, { method: 'POST', headers, body })
      await answer.body?.cancel()
      return answer.status
    }
    const publish = async (headers: Record<string, string>, body: string) => {
      expect(await send(headers, body)).to.equal(202)
    }
    const publishStructured = (event: unknown) =>
      publish({ 'content-type': 'application/cloudevents+json' }, JSON.stringify(event))
    const causedBy = (id: string) =>
      observer.received.filter(({ headers }) => headers['ce-causationid'] === id)
    const untilAnswer = async (id: string): Promise<Received> => {
      await eventually(() => causedBy(id).length > 0, 20_000)
      return causedBy(id)[0] as Received
    }
    const deadLetters = async () => {
      const names = [...triggersOf(functions.urls).map((trigger) => trigger.name), 'observer', 'stray']
      const all = await Promise.all(names.map((one) => functions.plane.deadLetters(one)))
      return all.flat().map(({ id }) => id)
    }
    const upcoming = async () => {
      const answer = await fetch(new URL('/predict/matches', functions.urls.predict))
      return matchesSchema.parse(await answer.json()).matches.map(({ match_id }) => match_id)
    }
    const home = { home_club_id: 'england.arsenal', competition: null, kickoff: '2026-12-01T15:00:00Z' }
    const request = (id: string, awayId: string) => ({
      ...exampleOf('soccer.prediction.requested.v1', 'valid.json'),
      id,
      data: { ...home, away_club_id: awayId },
    })

    it('reads fixtures when it is asked by an event', async () => {
      const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
      const id = randomUUID()
      await publishStructured({
        ...exampleOf('soccer.fixtures.requested.v1', 'valid.json'),
        id,
        data: { from: day(0), to: day(10) },
      })
      expect((await untilAnswer(id)).headers['ce-type']).to.equal('soccer.fixtures.scraped.v1')
      await eventually(async () => (await upcoming()).length > 0)
    })

    it('answers POST /predict for two clubs, through the broker', async () => {
      const url = functions.urls.predict.slice(0, -1)
      const { status, body } = await ask(
        url,
        { home: 'Arsenal', away: 'Chelsea' },
        { 'x-request-id': 'two-clubs' },
      )
      expect([status, body]).to.deep.include(200)
      expect(body).to.include({ cache: 'computed' })
      const story = observer.received.filter(({ headers }) => headers['ce-correlationid'] === 'two-clubs')
      await eventually(() =>
        observer.received.some(
          ({ headers }) =>
            headers['ce-correlationid'] === 'two-clubs' &&
            headers['ce-type'] === 'soccer.prediction.completed.v1',
        ),
      )
      expect(story[0]?.headers['ce-type']).to.equal('soccer.prediction.requested.v1')
    })

    it('answers POST /predict for a match of the site, through scrape and infer', async () => {
      const [matchId] = await upcoming()
      const { status, body } = await ask(functions.urls.predict.slice(0, -1), { match_id: matchId })
      expect([status, body]).to.deep.include(200)
      expect(body['match']).to.include({ match_id: matchId })
    })

    it('answers POST /predict for an unknown match with the refusal of scrape', async () => {
      const { status } = await ask(functions.urls.predict.slice(0, -1), { match_id: 4_999_999_999 })
      expect(status).to.equal(404)
    })

    it('takes an event in binary mode, and one without a time', async () => {
      const { data, time: _time, ...attributes } = request(randomUUID(), 'england.everton')
      const { datacontenttype: _type, ...rest } = attributes as Record<string, unknown>
      const headers = Object.fromEntries(
        Object.entries(rest).map(([key, value]) => [`ce-${key}`, String(value)]),
      )
      await publish({ ...headers, 'content-type': 'application/json' }, JSON.stringify(data))
      const answer = await untilAnswer(attributes.id)
      expect(answer.headers['ce-type']).to.equal('soccer.prediction.completed.v1')
      expect(answer.headers['ce-subject']).to.equal('england.arsenal~england.everton~2026-12-01')
    })

    it('says each thing that can never work with a failed event, and loses none', async () => {
      const lettersBefore = await deadLetters()
      for (const [type, file, , answerType] of refusals) {
        const id = randomUUID()
        await publishStructured({ ...exampleOf(type, file), id })
        expect((await untilAnswer(id)).headers['ce-type'], `${type} ${file}`).to.equal(answerType)
      }
      expect(await deadLetters()).to.deep.equal(lettersBefore)
    })

    it('answers each of these with 200 to whoever delivers it', async () => {
      for (const [type, file, to, answerType] of refusals) {
        const answer = await fetch(functions.urls[to], {
          method: 'POST',
          headers: { 'content-type': 'application/cloudevents+json' },
          body: JSON.stringify({ ...exampleOf(type, file), id: randomUUID() }),
        })
        expect([answer.status, answer.headers.get('ce-type')], `${type} ${file}`).to.deep.equal([
          200,
          answerType,
        ])
      }
    })

    it('leaves no invalid example out of these that a function gets', () => {
      const all = triggersOf(functions.urls).flatMap(({ filter: { type = '' } }) =>
        readdirSync(join(examples, type))
          .filter((file) => file.startsWith('invalid'))
          .map((file) => `${type} ${file}`),
      )
      expect(refusals.map(([type, file]) => `${type} ${file}`)).to.have.members(all)
    })

    it('has an event of an unknown type dead-lettered', async () => {
      const id = randomUUID()
      await publishStructured({ ...request(id, 'england.everton'), type: 'soccer.unknown.v1' })
      const letters = await untilLetters(() => functions.plane.deadLetters('stray'), 1)
      expect(letters.map((letter) => letter.id)).to.deep.equal([id])
      expect(Number(letters[0]?.['knativeerrorcode'])).to.equal(404)
    })

    const unreadable: [string, string, string][] = [
      ['data that is no JSON', 'application/json', 'nonsense'],
      ['no data at all', 'application/json', ''],
      ['data of another format', 'application/xml', '<a/>'],
      ['more data than a function takes', 'application/json', JSON.stringify('x'.repeat(1_200_000))],
    ]
    for (const [what, contentType, body] of unreadable) {
      for (const [trigger, type] of [
        ['infer-prediction-requested', 'soccer.prediction.requested.v1'],
        ['predict-match-failed', 'soccer.match.failed.v1'],
      ] as const) {
        it(`does not lose an event with ${what} that ${trigger} gets`, async () => {
          const id = randomUUID()
          const attributes = { specversion: '1.0', id, source: '/test', type, time: '2026-11-23T12:00:00Z' }
          const headers = Object.entries(attributes).map(([key, value]) => [`ce-${key}`, value])
          const given = {
            ...(Object.fromEntries(headers) as Record<string, string>),
            'content-type': contentType,
          }
          const status = await send(given, body)
          // An ingress that looks into the data may refuse: then the sender knows.
          if (status === 400 || status === 413) return
          expect(status).to.equal(202)
          await eventually(async () => {
            const letters = await functions.plane.deadLetters(trigger)
            return causedBy(id).length > 0 || letters.some((letter) => letter.id === id)
          }, 10_000)
        })
      }
    }
    describeEnding(() => ({ functions, observer, publishStructured, upcoming }))
  })
}

interface Running {
  readonly functions: Functions
  readonly observer: Subscriber
  readonly publishStructured: (event: unknown) => Promise<void>
  readonly upcoming: () => Promise<number[]>
}

function describeEnding(running: () => Running): void {
  const requestMatch = async (id: string, matchId: number) =>
    running().publishStructured({
      ...exampleOf('soccer.match.requested.v1', 'valid.json'),
      id,
      subject: String(matchId),
      data: { match_id: matchId },
    })
  const repliesTo = (id: string) =>
    running()
      .observer.received.filter(({ headers }) => headers['ce-causationid'] === id)
      .map(({ headers }) => headers['ce-type'])

  it('finishes the event under way when SIGTERM comes, and the next process takes what waits', async () => {
    const { functions, upcoming } = running()
    const [, first = 0, second = 0] = await upcoming()
    const ids = [randomUUID(), randomUUID()] as const
    const held = functions.site.hold()
    await requestMatch(ids[0], first)
    await held.asked
    await requestMatch(ids[1], second)
    const old = functions.program('scrape')
    old.child.kill('SIGTERM')
    await eventually(
      async () =>
        (await fetch(new URL('/health/readiness', functions.urls.scrape)).catch(() => undefined))?.status !==
        200,
    )
    held.release()
    expect(await old.ended).to.equal(0)
    await eventually(() => repliesTo(ids[0]).length > 0, 20_000)
    await functions.start('scrape')
    await eventually(() => repliesTo(ids[1]).length > 0, 30_000)
    expect(ids.map(repliesTo)).to.deep.equal([['soccer.match.scraped.v1'], ['soccer.match.scraped.v1']])
    expect(await functions.plane.deadLetters('scrape-match-requested')).to.deep.equal([])
  })

  it('loses nothing to kill -9 in the middle of an event', async () => {
    const { functions, upcoming } = running()
    const [, , , third = 0] = await upcoming()
    const id = randomUUID()
    const held = functions.site.hold()
    await requestMatch(id, third)
    await held.asked
    functions.program('scrape').child.kill('SIGKILL')
    await functions.program('scrape').ended
    held.release()
    await functions.start('scrape')
    await eventually(() => repliesTo(id).length > 0, 30_000)
    expect(repliesTo(id)).to.deep.equal(['soccer.match.scraped.v1'])
  })
}
