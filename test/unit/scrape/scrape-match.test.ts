import { expect } from 'chai'
import { type KnownOfMatch, scrapeMatch } from '../../../functions/scrape/scrape-match.ts'
import type { Match } from '../../../functions/scrape/sources/whoscored/records.ts'
import type { MatchReading } from '../../../functions/scrape/sources/whoscored/source.ts'

const match: Match = {
  matchId: 7,
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
}
const reading: MatchReading = {
  match,
  missingPlayers: {
    home: [{ playerId: 3, name: 'A. Player', reason: 'injured', status: 'doubtful' }],
    away: [],
  },
  predictedLineups: null,
  readAt: new Date('2026-11-23T18:00:00Z'),
}
const scrape = (
  given: Partial<MatchReading> = {},
  known: KnownOfMatch = { country: null, competition: null },
) =>
  scrapeMatch(
    7,
    {
      readMatch: () => Promise.resolve({ ...reading, ...given }),
      saveMatch: () => Promise.resolve(known),
    },
    (save) => save({ query: () => Promise.resolve([]) }),
  )

describe('scraping a match', () => {
  it('tells what the pages and the lists of fixtures say', async () => {
    const { digest, ...rest } = await scrape({}, { country: 'England', competition: 'Premier League' })
    expect(digest).to.match(/^[0-9a-f]{64}$/)
    expect(rest).to.deep.equal({
      match_id: 7,
      home: { team_id: 1, name: 'Arsenal' },
      away: { team_id: 2, name: 'Chelsea' },
      kickoff: '2026-11-28T15:00:00.000Z',
      country: 'England',
      competition: 'Premier League',
      status: 'scheduled',
      missing_players: {
        read_at: '2026-11-23T18:00:00.000Z',
        home: [{ player_id: 3, name: 'A. Player', reason: 'injured', status: 'doubtful' }],
        away: [],
      },
      page_read_at: '2026-11-23T18:00:00.000Z',
    })
  })

  it('takes the country of the clubs where no list told it, unless they are of two', async () => {
    expect((await scrape()).country).to.equal('England')
    expect((await scrape({ match: { ...match, awayCountry: 'Spain' } })).country).to.equal(null)
  })

  it('keeps "nothing is known of missing players" apart from "nobody is missing"', async () => {
    expect((await scrape({ missingPlayers: null })).missing_players).to.equal(null)
    expect((await scrape({ missingPlayers: { home: [], away: [] } })).missing_players).to.include({
      read_at: '2026-11-23T18:00:00.000Z',
    })
  })

  it('gives the same digest for the same rows, and another for others', async () => {
    const { digest } = await scrape()
    expect((await scrape({ readAt: new Date('2026-11-24T18:00:00Z') })).digest).to.equal(digest)
    expect((await scrape({ missingPlayers: null })).digest).to.not.equal(digest)
    expect((await scrape({ match: { ...match, status: 'postponed' } })).digest).to.not.equal(digest)
  })
})
