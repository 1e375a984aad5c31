import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { z } from 'zod'
import { inferHandlers } from '../../functions/infer/handlers.ts'
import type { ScoringModel } from '../../functions/infer/score-match.ts'
import { savePrediction } from '../../functions/infer/sql/save-prediction.ts'
import { findRefusal } from '../../functions/predict/sql/find-refusal.ts'
import { findStoredPrediction } from '../../functions/predict/sql/find-stored-prediction.ts'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { createMemoryCache } from '../../functions/runtime/cache/memory-cache.ts'
import { type Database, openDatabase } from '../../functions/runtime/database/database.ts'
import { migrate } from '../../functions/runtime/database/migrate.ts'
import { openLedger } from '../../functions/runtime/ledger/ledger.ts'
import { aPrediction } from '../fixtures/prediction.ts'
import { eventually } from '../support/eventually.ts'
import { type OwnDatabase, startEmbedded, startReal } from '../support/own-database.ts'
import { recordLog } from '../support/recorded-log.ts'
import { rejectionOf } from '../support/rejection.ts'

const migrations = fileURLToPath(new URL('../../functions/runtime/database/migrations/', import.meta.url))

const asked = (id: string, given: Partial<Event> = {}): Event => ({
  specversion: '1.0',
  id,
  source: '/soccer/predict',
  type: 'soccer.prediction.requested.v1',
  subject: 'england.arsenal~england.chelsea~2026-11-28',
  time: '2026-11-23T18:00:00.000Z',
  datacontenttype: 'application/json',
  correlationid: 'c1',
  data: {
    home_club_id: 'england.arsenal',
    away_club_id: 'england.chelsea',
    kickoff: '2026-11-28T15:00:00Z',
    competition: null,
  },
  ...given,
})
const answerTo = ({ id }: Event, data: unknown = { n: 1 }): Event => ({
  specversion: '1.0',
  id: `reply to ${id.slice(0, 10)}`,
  source: '/test',
  type: 'test.answered',
  data,
})

/** Every call is another prediction, so that a second effect could not hide. */
function changingModel(): ScoringModel {
  let calls = 0
  return {
    name: 'm',
    version: '1',
    alias: 'champion',
    ratingsUntil: new Date('2024-06-28'),
    clubById: (id) => ({ id, name: id, country: 'England' }),
    clubByName: (name) => ({ id: name, name, country: 'England' }),
    predict: () => {
      calls += 1
      return Promise.resolve({ home: 0.5 + calls / 1_000, draw: 0.3, away: 0.2 - calls / 1_000 })
    },
  }
}

function describeLedger(name: string, start: () => Promise<OwnDatabase>): void {
  describe(`the ledger: ${name}`, function () {
    this.timeout(60_000)
    let server: OwnDatabase
    let one: Database
    let other: Database
    const log = recordLog()

    before(async () => {
      server = await start()
      one = await openDatabase({ url: server.url, log })
      other = await openDatabase({ url: server.url, log })
      await migrate(one, migrations)
    })
    after(async () => {
      await one.close()
      await other.close()
      await server.stop()
    })
    beforeEach(() => run('truncate processed_events, predictions, models, matches cascade'))

    const run = (text: string, ...values: unknown[]) =>
      one.query({ name: 'test', text, values }, z.looseObject({}))
    const count = async (table: string, where = 'true') => {
      const [row] = await run(`select count(*)::integer as n from ${table} where ${where}`)
      return row?.['n']
    }
    const inferOn = (database: Database) => {
      const [, handler] = inferHandlers({
        model: changingModel,
        save: (scored, entry) => savePrediction(database, scored, entry),
        ledger: openLedger('infer', database, log),
        cache: createMemoryCache(),
        cacheTtlMs: 1_000,
        log,
        now: () => new Date(),
      })
      if (handler?.type !== asked('x').type) throw new Error('not the handler of two clubs')
      return handler
    }

    it('makes one prediction of an event that two replicas get again and again at once', async () => {
      const replicas = [inferOn(one), inferOn(other)]
      for (let round = 0; round < 10; round++) {
        // Another kick-off, so that the same inputs cannot be what makes it one prediction.
        const data = { ...(asked('x').data as object), kickoff: `2026-11-28T1${round}:00:00Z` }
        const event = asked(`e${round}`, { data })
        const replies = await Promise.all([...replicas, ...replicas].map((replica) => replica.run(event)))
        for (const reply of replies) expect(reply).to.deep.equal(replies[0])
        expect(replies[0]?.type).to.equal('soccer.prediction.completed.v1')
        expect(await count('predictions')).to.equal(round + 1)
        expect(await count('processed_events')).to.equal(round + 1)
      }
    })

    it('saves a prediction and its entry in one round trip', async () => {
      let trips = 0
      const counting: Database = {
        ...one,
        query: (statement, rowSchema) => {
          if (statement.name !== 'prune-entries') trips += 1
          return one.query(statement, rowSchema)
        },
        transaction: () => Promise.reject(new Error('a transaction takes three')),
      }
      await inferOn(counting).run(asked('e1'))
      expect(trips).to.equal(1)
    })

    it('keeps the reply with the effect, and neither when the work fails', async () => {
      const ledger = openLedger('scrape', one, log)
      const event = asked('e1')
      const work = (reply: () => Event) =>
        ledger.once(event, async (transaction) => {
          const text = "insert into models values ('a', 'b', 'c', '{}', now())"
          await transaction.query({ name: 'effect', text, values: [] }, z.never())
          return reply()
        })
      const failure = new Error('the page changed')
      const fail = () => {
        throw failure
      }
      expect(await rejectionOf(work(fail))).to.equal(failure)
      expect([
        await count('models'),
        await count('processed_events'),
        await ledger.find(event),
      ]).to.deep.equal([0, 0, undefined])
      const reply = answerTo(event)
      expect(await work(() => reply)).to.deep.equal(reply)
      expect(await work(fail)).to.deep.equal(reply)
      expect(await ledger.find(event)).to.deep.equal(reply)
      expect([await count('models'), await count('processed_events')]).to.deep.equal([1, 1])
    })

    it('lets one of two replicas work, and gives its reply to both', async () => {
      let works = 0
      const event = asked('e1')
      const replies = await Promise.all(
        [one, other].map((database) =>
          openLedger('scrape', database, log).once(event, () =>
            Promise.resolve(answerTo(event, { n: ++works })),
          ),
        ),
      )
      expect(works).to.equal(1)
      expect(replies).to.deep.equal([answerTo(event), answerTo(event)])
    })

    it('knows an event by its function, source and id, whatever its type', async () => {
      const ledger = openLedger('infer', one, log)
      const event = asked('e1')
      await ledger.refuse(event, answerTo(event))
      expect(await ledger.find({ ...event, type: 'another' })).to.deep.equal(answerTo(event))
      expect(await ledger.find({ ...event, source: '/elsewhere' })).to.equal(undefined)
      expect(await ledger.find({ ...event, id: 'e2' })).to.equal(undefined)
      expect(await openLedger('scrape', one, log).find(event)).to.equal(undefined)
    })

    it('takes any text that an event may carry', async () => {
      const ledger = openLedger('infer', one, log)
      const strange = ['\0', 'x'.repeat(20_000), '\ud800', 'Žalgiris', '\\u0000', '']
      for (const id of strange) {
        const event = asked(id, { source: `/${id}`, subject: id })
        expect(
          await ledger.refuse(event, answerTo(event, { id })),
          JSON.stringify(id).slice(0, 20),
        ).to.include({
          source: '/test',
        })
        expect(await ledger.find(event)).to.include({ source: '/test' })
      }
      expect(await count('processed_events')).to.equal(strange.length)
      const [backslash] = await run(
        "select reply->'data'->>'id' as id from processed_events where id = '\\u0000'",
      )
      expect(backslash).to.deep.equal({ id: '\\u0000' })
    })

    it('tells of a refusal by its subject, but of none from before, and of nothing that was done', async () => {
      const ledger = openLedger('scrape', one, log)
      const data = { code: 'unknown_match', status: 404, detail: 'No such match.' }
      const event = asked('e1', { subject: '7' })
      await ledger.refuse(event, answerTo(event, data))
      const done = asked('e2', { subject: '8' })
      await ledger.once(done, () => Promise.resolve(answerTo(done, data)))
      const before = new Date(Date.now() - 60_000)
      expect(await findRefusal(other, '7', before)).to.deep.equal(data)
      expect(await findRefusal(other, '7', new Date(Date.now() + 60_000))).to.equal(undefined)
      expect(await findRefusal(other, '8', before)).to.equal(undefined)
    })

    it('forgets what is older than a week, a few at a time, while it is written to', async () => {
      await run(
        `insert into processed_events (function, source, id, type, refused, processed_at)
         select 'infer', '/old', n::text, 't', false, now() - interval '169 hours' from generate_series(1, 1200) as n`,
      )
      await run(
        `insert into processed_events (function, source, id, type, refused, processed_at)
         values ('infer', '/young', '1', 't', false, now() - interval '167 hours')`,
      )
      const ledger = openLedger('infer', one, log)
      let written = 0
      await eventually(async () => {
        written += 1
        await ledger.refuse(asked(`new ${written}`), answerTo(asked('x')))
        return (await count('processed_events', "source = '/old'")) === 0
      }, 10_000)
      expect(written).to.be.above(2)
      expect(await count('processed_events')).to.equal(written + 1)
    })

    it('leaves each prediction as it is, and the one that rests on the page as it is now is answered', async () => {
      await run("insert into models values ('champion', 'm', '1', '{}', now())")
      const pageSays = (digest: string) =>
        run(
          `insert into matches (match_id, source, home_team_id, home_name, away_team_id, away_name, kickoff, status, digest)
           values (7, 'test', 1, 'a', 2, 'b', now(), 'scheduled', $1) on conflict (match_id) do update set digest = $1`,
          digest,
        )
      const predict = async (id: string, digest: string, hour: number) => {
        const prediction = aPrediction({
          input_digest: digest.repeat(64),
          computed_at: `2026-11-23T1${hour}:00:00.000Z`,
        })
        await pageSays(digest)
        const ledger = openLedger('infer', one, log)
        await ledger.onceWith(asked(id), answerTo(asked(id)), (entry) =>
          savePrediction(one, { prediction, pageDigest: digest }, entry),
        )
        const stored = await findStoredPrediction(one, '7', 'champion')
        return [stored?.prediction.input_digest.slice(0, 1), stored?.prediction.computed_at, stored?.samePage]
      }
      expect(await predict('e1', 'a', 0)).to.deep.equal(['a', '2026-11-23T10:00:00.000Z', true])
      expect(await predict('e2', 'b', 1)).to.deep.equal(['b', '2026-11-23T11:00:00.000Z', true])
      // The doubtful player is fit again: the same inputs as at first.
      expect(await predict('e3', 'a', 2)).to.deep.equal(['a', '2026-11-23T10:00:00.000Z', true])
      expect(await count('predictions')).to.equal(2)
      await pageSays('c')
      const outdated = await findStoredPrediction(one, '7', 'champion')
      expect([outdated?.prediction.input_digest.slice(0, 1), outdated?.samePage]).to.deep.equal(['b', false])
    })
  })
}

describeLedger('embedded', startEmbedded)

// Given by npm test, which starts one.
const realUrl = process.env['TEST_DATABASE_URL']
if (realUrl === undefined)
  console.log('skipped: the ledger over PostgreSQL needs TEST_DATABASE_URL, which npm test sets')
else describeLedger('PostgreSQL', () => startReal(realUrl))
