import { expect } from 'chai'
import { composeAnswer } from '../../../functions/predict/answer.ts'
import {
  type AnswerNeeds,
  answerQuestion,
  type StoredPrediction,
} from '../../../functions/predict/answer-question.ts'
import type { Asked } from '../../../functions/predict/resolve-question.ts'
import { NotNowError, RefusedError } from '../../../functions/runtime/errors/errors.ts'
import { aPrediction } from '../../fixtures/prediction.ts'

const now = new Date('2026-11-23T18:00:00Z')
const match: Asked = { kind: 'match', subject: '7', matchId: 7 }
const pair: Asked = {
  kind: 'pair',
  subject: 'england.arsenal~england.chelsea~2026-11-28',
  pair: {
    home_club_id: 'england.arsenal',
    away_club_id: 'england.chelsea',
    kickoff: '2026-11-28T12:00:00Z',
    competition: null,
  },
}
const computed = aPrediction({ computed_at: now.toISOString() })
const old = aPrediction({ computed_at: '2026-11-20T10:00:00.000Z' })

const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000)

function needs(given: Partial<AnswerNeeds> & { stored?: AnswerNeeds['stored'] } = {}) {
  const asked: string[] = []
  const all: AnswerNeeds = {
    cached: () => Promise.resolve(undefined),
    assertNotRefused: () => Promise.resolve(),
    stored: () => Promise.resolve(undefined),
    remember: () => Promise.resolve(),
    storeIsAway: () => false,
    compute: ({ subject }) => {
      asked.push(subject)
      return Promise.resolve(computed)
    },
    now: () => now,
    pageMaxAgeMs: 3_600_000,
    ...given,
  }
  return { all, asked }
}

const storedAs = (stored: Partial<StoredPrediction>) => () =>
  Promise.resolve({ prediction: old, pageReadAt: minutesAgo(10), samePage: true, ...stored })

describe('answering a question', () => {
  it('gives what the cache has, and asks nobody', async () => {
    const { all, asked } = needs({ cached: () => Promise.resolve(old) })
    expect(await answerQuestion(match, 'r', all)).to.deep.equal({
      prediction: old,
      source: 'hit',
      outdated: false,
    })
    expect(asked).to.deep.equal([])
  })

  it('marks what the cache has while the store is away', async () => {
    const { all } = needs({ cached: () => Promise.resolve(old), storeIsAway: () => true })
    expect(await answerQuestion(match, 'r', all)).to.deep.equal({
      prediction: old,
      source: 'hit',
      outdated: true,
    })
  })

  it('gives what the store has and remembers it', async () => {
    const remembered: unknown[] = []
    const { all, asked } = needs({
      stored: storedAs({}),
      remember: (prediction) => Promise.resolve(void remembered.push(prediction)),
    })
    expect(await answerQuestion(match, 'r', all)).to.deep.equal({
      prediction: old,
      source: 'stored',
      outdated: false,
    })
    expect(remembered).to.deep.equal([old])
    expect(asked).to.deep.equal([])
  })

  it('computes what nobody has', async () => {
    const { all, asked } = needs()
    expect(await answerQuestion(match, 'r', all)).to.deep.equal({
      prediction: computed,
      source: 'computed',
      outdated: false,
    })
    expect(asked).to.deep.equal(['7'])
  })

  const wanted: [string, Partial<StoredPrediction>][] = [
    ['was read more than an hour ago', { pageReadAt: minutesAgo(61) }],
    ['was never read', { pageReadAt: null }],
    ['has changed since', { samePage: false }],
  ]
  for (const [what, stored] of wanted) {
    it(`computes a match again whose page ${what}`, async () => {
      const { all } = needs({ stored: storedAs(stored) })
      expect((await answerQuestion(match, 'r', all)).source).to.equal('computed')
    })
  }

  it('does not read a page again after kick-off', async () => {
    const played = aPrediction({ kickoff: '2026-11-22T15:00:00.000Z' })
    const { all } = needs({ stored: storedAs({ prediction: played, pageReadAt: minutesAgo(3_000) }) })
    expect((await answerQuestion(match, 'r', all)).source).to.equal('stored')
  })

  it('keeps a prediction of two clubs for as long as its model', async () => {
    const { all } = needs({ stored: storedAs({ pageReadAt: null }) })
    expect((await answerQuestion(pair, 'r', all)).source).to.equal('stored')
  })

  it('gives the old answer, marked, when a new one is not to be had', async () => {
    const { all } = needs({
      stored: storedAs({ samePage: false }),
      compute: () => Promise.reject(new NotNowError('broker_unavailable', 'away')),
    })
    expect(await answerQuestion(match, 'r', all)).to.deep.equal({
      prediction: old,
      source: 'stored',
      outdated: true,
    })
  })

  it('passes on that it cannot be answered now, and refusals', async () => {
    const away = new NotNowError('broker_unavailable', 'away')
    const refused = new RefusedError('unknown_match', 404, 'no')
    for (const error of [away, refused]) {
      const { all } = needs({ compute: () => Promise.reject(error) })
      expect(await answerQuestion(match, 'r', all).catch((thrown: unknown) => thrown)).to.equal(error)
    }
    const { all, asked } = needs({ assertNotRefused: () => Promise.reject(refused) })
    expect(await answerQuestion(match, 'r', all).catch((thrown: unknown) => thrown)).to.equal(refused)
    expect(asked).to.deep.equal([])
  })
})

describe('an answer', () => {
  const circumstances = { now, staleAfterMs: 7 * 86_400_000, requestId: 'r1' }

  it('says how old its inputs are', () => {
    const prediction = aPrediction({ as_of: '2026-11-23T17:00:00.000Z' })
    const answer = composeAnswer({ prediction, source: 'hit', outdated: false }, circumstances)
    expect(answer).to.include({ features_age_s: 3_600, stale: false, cache: 'hit', request_id: 'r1' })
    expect(answer.match.home.name).to.equal('Arsenal')
  })

  it('is stale when its inputs are older than allowed, or when a newer answer could not be had', () => {
    const weekOld = aPrediction({ as_of: '2026-11-16T17:59:59.000Z' })
    expect(
      composeAnswer({ prediction: weekOld, source: 'hit', outdated: false }, circumstances).stale,
    ).to.equal(true)
    const fresh = aPrediction({ as_of: '2026-11-23T17:59:59.000Z' })
    expect(
      composeAnswer({ prediction: fresh, source: 'stored', outdated: true }, circumstances).stale,
    ).to.equal(true)
  })
})
