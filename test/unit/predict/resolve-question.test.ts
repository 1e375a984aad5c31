import { expect } from 'chai'
import { type DirectoryClub, keepDirectory } from '../../../functions/predict/club-directory.ts'
import type { Question } from '../../../functions/predict/question.ts'
import { resolveQuestion } from '../../../functions/predict/resolve-question.ts'
import { NotNowError, RefusedError } from '../../../functions/runtime/errors/errors.ts'

const club = (
  id: string,
  name: string,
  country: string,
  competition: string,
  ...aliases: string[]
): DirectoryClub => ({
  id,
  name,
  country,
  competition,
  aliases,
})
const clubs = [
  club('england.arsenal', 'Arsenal', 'England', 'Premier League'),
  club('england.man-united', 'Man United', 'England', 'Premier League', 'Manchester United'),
  club('england.man-city', 'Man City', 'England', 'Premier League', 'Manchester City'),
  club('spain.barcelona', 'Barcelona', 'Spain', 'La Liga'),
  club('england.everton', 'Everton', 'England', 'Premier League'),
  club('chile.everton', 'Everton', 'Chile', 'Primera Division'),
]
const now = () => new Date('2026-11-23T18:00:00Z')
const resolve = (question: Question) =>
  resolveQuestion(question, { clubs: keepDirectory(() => Promise.resolve(clubs), now), now })
const refusal = async (question: Question) => {
  const thrown: unknown = await resolve(question).catch((error: unknown) => error)
  if (thrown instanceof RefusedError) return thrown
  throw new Error('the question was resolved')
}

describe('resolving a question', () => {
  it('takes a match number as it is, without asking for clubs', async () => {
    const asked = await resolveQuestion(
      { match_id: 7 },
      { clubs: () => Promise.reject(new Error('no')), now },
    )
    expect(asked).to.deep.equal({ kind: 'match', subject: '7', matchId: 7 })
  })

  it('gives one subject to everybody who means the same clubs and day', async () => {
    const asked = await resolve({
      home: 'manchester united',
      away: 'ARSENAL',
      kickoff: '2026-12-01T19:00:00+01:00',
    })
    expect(asked).to.deep.equal({
      kind: 'pair',
      subject: 'england.man-united~england.arsenal~2026-12-01',
      pair: {
        home_club_id: 'england.man-united',
        away_club_id: 'england.arsenal',
        kickoff: '2026-12-01T18:00:00.000Z',
        competition: 'Premier League',
      },
    })
    const again = await resolve({ home: 'Man United', away: 'england.arsenal', kickoff: '2026-12-01' })
    expect(again.subject).to.equal(asked.subject)
  })

  it('means today where no kick-off is given, and no competition between countries', async () => {
    const asked = await resolve({ home: 'Arsenal', away: 'Barcelona' })
    expect(asked.kind === 'pair' && asked.pair).to.include({
      kickoff: '2026-11-23T12:00:00.000Z',
      competition: null,
    })
  })

  it('lists the candidates of a name that fits several, and its side', async () => {
    const error = await refusal({ home: 'Arsenal', away: 'Manchester' })
    expect(error).to.include({ status: 422, code: 'ambiguous_club' })
    expect(error.members).to.deep.equal({
      side: 'away',
      candidates: [
        { club_id: 'england.man-city', name: 'Man City', country: 'England' },
        { club_id: 'england.man-united', name: 'Man United', country: 'England' },
      ],
    })
  })

  it('lets a competition or country decide between clubs of one name', async () => {
    expect((await refusal({ home: 'Everton', away: 'Arsenal' })).code).to.equal('ambiguous_club')
    for (const competition of ['Premier League', 'england']) {
      const asked = await resolve({ home: 'Everton', away: 'Arsenal', competition })
      expect(asked.subject).to.equal('england.everton~england.arsenal~2026-11-23')
    }
  })

  it('offers the nearest names of an unknown one', async () => {
    const error = await refusal({ home: 'Arsenla', away: 'Barcelona' })
    expect(error).to.include({ status: 422, code: 'unknown_club' })
    expect(error.message).to.contain('Did you mean Arsenal')
  })

  it('refuses a club against itself', async () => {
    expect((await refusal({ home: 'Man United', away: 'Manchester United' })).code).to.equal('same_club')
  })

  for (const kickoff of ['1890-01-01', '2026-11-21', '2027-11-26', '2100-01-01T12:00:00Z']) {
    it(`refuses a kick-off on ${kickoff}`, async () => {
      expect((await refusal({ home: 'Arsenal', away: 'Barcelona', kickoff })).code).to.equal(
        'kickoff_out_of_range',
      )
    })
  }
})

describe('the directory of clubs', () => {
  it('is loaded once for many, again after a minute, and kept while the store is away', async () => {
    let time = now().getTime()
    let loads = 0
    let away = false
    const directory = keepDirectory(
      () => {
        loads++
        return away ? Promise.reject(new NotNowError('database_unavailable', 'away')) : Promise.resolve(clubs)
      },
      () => new Date(time),
    )
    await Promise.all([directory(), directory(), directory()])
    expect(loads).to.equal(1)
    time += 61_000
    away = true
    expect((await directory()).find('Arsenal').kind).to.equal('one')
    expect(loads).to.equal(2)
  })

  it('does not wait for a store that hangs once it has been loaded', async () => {
    let time = now().getTime()
    let answer: Promise<DirectoryClub[]> = Promise.resolve(clubs)
    const directory = keepDirectory(
      () => answer,
      () => new Date(time),
    )
    await directory()
    time += 61_000
    answer = new Promise(() => undefined)
    expect((await directory()).find('Arsenal').kind).to.equal('one')
  })

  it('says that no model is loaded when it is empty', async () => {
    const empty = keepDirectory(() => Promise.resolve([]), now)
    expect(await empty().catch((error: unknown) => error)).to.include({ code: 'model_unavailable' })
  })
})
