import { expect } from 'chai'
import { parseFixturesFeed } from '../../../functions/scrape/sources/whoscored/parse-fixtures-feed.ts'
import { readFixture } from '../../fixtures/whoscored/read-fixture.ts'

const expected = [
  {
    matchId: 7_000_001,
    stageId: 901,
    country: 'Côte & Plaine',
    competition: 'Premier <League>',
    season: '2026/2027',
    home: { teamId: 7101, name: "King's Ebb" },
    away: { teamId: 7102, name: 'Münz' },
    kickoff: new Date('2026-08-15T14:00:00Z'),
    status: 'scheduled',
    score: null,
    hasPreview: true,
  },
  {
    matchId: 7_000_005,
    stageId: 901,
    country: 'Côte & Plaine',
    competition: 'Premier <League>',
    season: '2026/2027',
    home: { teamId: 7103, name: 'Gorse' },
    away: { teamId: 7104, name: 'Hazel' },
    kickoff: new Date('2026-08-16T14:00:00Z'),
    status: 'postponed',
    score: null,
    hasPreview: false,
  },
]

describe('parseFixturesFeed', () => {
  it('reads a month; blank records go, a match in two stages stays once', async () => {
    expect(parseFixturesFeed(await readFixture('feed.json'))).to.deep.equal(expected)
  })

  it('reads the same out of the page that a browser makes of it', async () => {
    const json = await readFixture('feed.json')
    const escaped = json.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    const head = '<html><head><meta name="color-scheme" content="light dark"></head><body>'
    const page = `${head}<pre>${escaped}</pre><div class="json-formatter-container"></div></body></html>`
    expect(parseFixturesFeed(page)).to.deep.equal(expected)
  })

  it('reads an empty month', () => {
    expect(parseFixturesFeed('{"tournaments":[]}')).to.deep.equal([])
  })

  it('refuses two records of one match that differ', async () => {
    const json = JSON.parse(await readFixture('feed.json')) as {
      tournaments: { matches: { awayTeamId: number }[] }[]
    }
    const [match] = json.tournaments[1]?.matches ?? []
    if (match) match.awayTeamId = 9999
    expect(() => parseFixturesFeed(JSON.stringify(json))).to.throw(/7000001.*differs/)
  })

  it('names the place of a fault', async () => {
    const json = await readFixture('feed.json')
    expect(() => parseFixturesFeed(json.replace('"2026-08-16T14:00:00"', '"soon"'))).to.throw(
      /^feed\.tournaments\[0\]\.matches\[1\]\.startTimeUtc: /,
    )
    expect(() => parseFixturesFeed('')).to.throw(/^feed: /)
    expect(() => parseFixturesFeed('<html><body>Sorry</body></html>')).to.throw(/^feed: /)
    expect(() => parseFixturesFeed('{"matches":[]}')).to.throw(/^feed\.tournaments: /)
  })
})
