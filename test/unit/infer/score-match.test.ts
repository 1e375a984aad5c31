import { expect } from 'chai'
import type { MatchScraped } from '../../../events/kinds/match-scraped.ts'
import {
  type KnownClub,
  type ScoringModel,
  scoreMatch,
  scorePair,
} from '../../../functions/infer/score-match.ts'
import { RefusedError } from '../../../functions/runtime/errors/errors.ts'

const arsenal = { id: 'england.arsenal', name: 'Arsenal', country: 'England' }
const chelsea = { id: 'england.chelsea', name: 'Chelsea', country: 'England' }
const known: Record<string, KnownClub> = { Arsenal: arsenal, Chelsea: chelsea, 'Arsenal FC': arsenal }

const model: ScoringModel = {
  name: 'soccer-match-outcome',
  version: '1',
  alias: 'champion',
  ratingsUntil: new Date('2024-06-28T00:00:00Z'),
  clubById: (id) => [arsenal, chelsea].find((club) => club.id === id),
  clubByName: (name) => {
    const club = known[name]
    if (!club) throw new RefusedError('unknown_club', 422, name)
    return club
  },
  predict: () => Promise.resolve({ home: 0.5, draw: 0.3, away: 0.2 }),
}

const match: MatchScraped = {
  match_id: 7,
  home: { team_id: 1, name: 'Arsenal' },
  away: { team_id: 2, name: 'Chelsea' },
  kickoff: '2026-11-28T16:00:00+01:00',
  country: 'England',
  competition: 'Premier League',
  status: 'scheduled',
  missing_players: {
    read_at: '2026-11-23T18:00:00Z',
    home: [{ player_id: 3, name: 'A. Player', reason: 'injured', status: 'out' }],
    away: [],
  },
  page_read_at: '2026-11-23T18:00:00Z',
  digest: 'ab'.repeat(32),
}
const now = new Date('2026-11-23T18:00:01Z')
const digestOf = async (given: Partial<MatchScraped>, by: ScoringModel = model) =>
  (await scoreMatch({ ...match, ...given }, by, now)).prediction.input_digest

describe('scoring', () => {
  it('makes a whole prediction of a scraped match', async () => {
    const { prediction, pageDigest } = await scoreMatch(match, model, now)
    const { input_digest, ...rest } = prediction
    expect(pageDigest).to.equal('ab'.repeat(32))
    expect(input_digest).to.match(/^[0-9a-f]{64}$/)
    expect(rest).to.deep.equal({
      subject: '7',
      match_id: 7,
      home: { club_id: 'england.arsenal', name: 'Arsenal', country: 'England' },
      away: { club_id: 'england.chelsea', name: 'Chelsea', country: 'England' },
      kickoff: '2026-11-28T15:00:00.000Z',
      competition: 'Premier League',
      probabilities: { home: 0.5, draw: 0.3, away: 0.2 },
      model: { name: 'soccer-match-outcome', version: '1', alias: 'champion' },
      as_of: '2024-06-28T00:00:00.000Z',
      computed_at: '2026-11-23T18:00:01.000Z',
      missing_players: match.missing_players,
    })
  })

  it('is as old as its oldest input', async () => {
    const fresh = { ...model, ratingsUntil: new Date('2026-11-23T23:00:00Z') }
    expect((await scoreMatch(match, fresh, now)).prediction.as_of).to.equal('2026-11-23T18:00:00.000Z')
  })

  it('gives the same digest for the same inputs, whenever they were read', async () => {
    const missing = match.missing_players && { ...match.missing_players, read_at: '2026-11-24T09:00:00Z' }
    const again = await digestOf({ page_read_at: '2026-11-24T09:00:00Z', missing_players: missing })
    expect(again).to.equal(await digestOf({}))
  })

  it('gives another digest for other inputs', async () => {
    const first = await digestOf({})
    expect(await digestOf({ missing_players: null })).to.not.equal(first)
    expect(await digestOf({ kickoff: '2026-11-29T15:00:00Z' })).to.not.equal(first)
    expect(await digestOf({}, { ...model, ratingsUntil: new Date('2024-06-29') })).to.not.equal(first)
  })

  for (const status of ['abandoned', 'cancelled'] as const) {
    it(`refuses a match that is ${status}`, async () => {
      const thrown: unknown = await scoreMatch({ ...match, status }, model, now).catch(
        (error: unknown) => error,
      )
      expect(thrown).to.include({ code: 'match_not_playable', status: 422 })
    })
  }

  it('refuses two names of one club', async () => {
    const same = { ...match, away: { team_id: 2, name: 'Arsenal FC' } }
    expect(await scoreMatch(same, model, now).catch((error: unknown) => error)).to.include({
      code: 'same_club',
    })
  })

  it('scores two clubs under the subject that predict gave them', async () => {
    const pair = {
      home_club_id: 'england.arsenal',
      away_club_id: 'england.chelsea',
      kickoff: '2026-12-01T00:30:00+01:00',
      competition: null,
    }
    const { prediction, pageDigest } = await scorePair(pair, model, now)
    expect(pageDigest).to.equal(null)
    expect(prediction).to.include({ subject: 'england.arsenal~england.chelsea~2026-11-30', match_id: null })
    const unknown = { ...pair, away_club_id: 'england.nobody' }
    expect(await scorePair(unknown, model, now).catch((error: unknown) => error)).to.include({
      code: 'unknown_club',
    })
  })
})
