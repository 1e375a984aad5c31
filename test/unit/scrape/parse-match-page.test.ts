import { expect } from 'chai'
import { RefusedError } from '../../../functions/runtime/errors/errors.ts'
import { parseMatchPage } from '../../../functions/scrape/sources/whoscored/parse-match-page.ts'
import { readFixture } from '../../fixtures/whoscored/read-fixture.ts'

describe('parseMatchPage', () => {
  it('reads a match before its kick-off: apostrophes, empty places, summer time', async () => {
    const page = parseMatchPage(await readFixture('match-before-kickoff.html'), 7_000_001)
    expect(page).to.deep.equal({
      kind: 'match',
      match: {
        matchId: 7_000_001,
        home: { teamId: 7101, name: "King's Ebb" },
        away: { teamId: 7102, name: 'Münz & Söhne' },
        kickoff: new Date('2026-08-15T14:00:00Z'),
        status: 'scheduled',
        statusCode: 1,
        statusText: '',
        score: null,
        homeCountry: 'England',
        awayCountry: 'Deutschland',
        lineups: null,
        hasPreview: true,
      },
    })
  })

  it('reads a finished match with its players and their final ratings', async () => {
    const page = parseMatchPage(await readFixture('match-finished.html'), 7_000_002)
    expect(page).to.deep.equal({
      kind: 'match',
      match: {
        matchId: 7_000_002,
        home: { teamId: 7201, name: 'Alder United' },
        away: { teamId: 7202, name: 'Birch Town' },
        kickoff: new Date('2026-01-10T15:00:00Z'),
        status: 'finished',
        statusCode: 6,
        statusText: 'FT',
        score: { home: 2, away: 1 },
        homeCountry: 'England',
        awayCountry: 'England',
        lineups: {
          home: {
            formation: '4231',
            players: [
              { playerId: 1, name: "Ann }; O'Hare", shirt: 1, position: 'GK', starter: true, rating: 7.4 },
              {
                playerId: 2,
                name: 'Bjørn Ståhl',
                shirt: null,
                position: 'Sub',
                starter: false,
                rating: null,
              },
            ],
          },
          away: {
            formation: null,
            players: [
              { playerId: 3, name: 'Zoë D’Alba', shirt: 9, position: 'FW', starter: true, rating: 5.9 },
            ],
          },
        },
        hasPreview: false,
      },
    })
  })

  it('reads a match without Opta data as one without line-ups', async () => {
    const page = parseMatchPage(await readFixture('match-without-opta.html'), 7_000_003)
    if (page.kind !== 'match') throw new Error(page.kind)
    expect(page.match.lineups).to.equal(null)
    expect(page.match.score).to.deep.equal({ home: 1, away: 0 })
    expect(page.match.kickoff.toISOString()).to.equal('2026-10-25T12:30:00.000Z')
  })

  it('is content with the header alone before kick-off, and waits for more after it', async () => {
    const html = await readFixture('match-header-only.html')
    const page = parseMatchPage(html, 7_000_004)
    if (page.kind !== 'match') throw new Error(page.kind)
    expect([page.match.status, page.match.statusText, page.match.lineups]).to.deep.equal([
      'scheduled',
      '',
      null,
    ])
    expect(page.match.kickoff.toISOString()).to.equal('2026-03-29T15:30:00.000Z')
    const finished = html
      .replace("00:00:00',1,", "00:00:00',6,'FT'")
      .replace("'','Italia'", "'1 : 1','Italia'")
    expect(parseMatchPage(finished, 7_000_004).kind).to.equal('not_ready')
  })

  it('never takes the page of another match for the asked one', async () => {
    const html = await readFixture('match-finished.html')
    expect(parseMatchPage(html, 7_000_001)).to.deep.include({ kind: 'not_ready' })
    const mixed = html.replace('matchId:7000002', 'matchId:7000009')
    expect(parseMatchPage(mixed, 7_000_002)).to.deep.include({ kind: 'not_ready' })
  })

  it('tells blocked, absent and half-loaded pages apart', async () => {
    expect(parseMatchPage(await readFixture('blocked-challenge.html'), 1).kind).to.equal('blocked')
    expect(parseMatchPage(await readFixture('blocked-incapsula.html'), 1).kind).to.equal('blocked')
    expect(parseMatchPage(await readFixture('not-found.html'), 1).kind).to.equal('not_found')
    expect(parseMatchPage('<html><head><title>x</title>', 1).kind).to.equal('not_ready')
  })

  it('names the place of what it does not understand', async () => {
    const html = await readFixture('match-finished.html')
    const refusal = (page: string): RefusedError => {
      try {
        parseMatchPage(page, 7_000_002)
      } catch (thrown) {
        if (thrown instanceof RefusedError) return thrown
      }
      throw new Error('was understood')
    }
    const broken = refusal(html.replace('10/01/2026 15:00:00', 'Saturday'))
    expect([broken.code, broken.status]).to.deep.equal(['page_not_understood', 422])
    expect(broken.message).to.match(/^matchheader\.input\[4\]: "Saturday"/)
    expect(refusal(html.replace('"playerId":2', '"playerId":"two"')).message).to.match(
      /^matchCentreData\.home\.players\[1\]\.playerId: /,
    )
    expect(refusal(html.replace('"teamId":7202', '"teamId":9')).message).to.match(
      /^matchCentreData\.away\.teamId: /,
    )
    expect(refusal(html.replaceAll("params['matchheader']", "params['renamed']")).message).to.match(
      /^matchheader: /,
    )
  })
})
