import { access, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { readLineups } from '../../../functions/scrape/sources/whoscored/lineups.ts'
import { parseFixturesFeed } from '../../../functions/scrape/sources/whoscored/parse-fixtures-feed.ts'
import { parseMatchPage } from '../../../functions/scrape/sources/whoscored/parse-match-page.ts'
import { parsePreviewPage } from '../../../functions/scrape/sources/whoscored/parse-preview-page.ts'

const folder = join(process.env['SOCCER_SHARED_DIR'] ?? '../shared', 'samples', 'whoscored')

async function readSample(name: string): Promise<string> {
  const bytes = await readFile(join(folder, name))
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

/** Match, clubs, kick-off, score, formations, squads: read off the pages by eye. */
const matches = [
  [1_903_119, 211, 'Brighton', 170, 'Fulham', '2025-08-16T14:00:00.000Z', 1, 1, '4231', '4231', 20, 20],
  [1_903_166, 24, 'Aston Villa', 184, 'Burnley', '2025-10-05T13:00:00.000Z', 2, 1, '4222', '541', 20, 20],
  [
    1_903_209,
    162,
    'Crystal Palace',
    189,
    'Brentford',
    '2025-11-01T15:00:00.000Z',
    2,
    0,
    '3421',
    '4231',
    20,
    20,
  ],
  [1_903_252, 19, 'Leeds', 15, 'Chelsea', '2025-12-03T20:15:00.000Z', 3, 1, '352', '4231', 20, 20],
  [1_903_308, 184, 'Burnley', 31, 'Everton', '2025-12-27T15:00:00.000Z', 0, 0, '343', '4231', 20, 19],
  [1_903_484, 13, 'Arsenal', 161, 'Wolves', '2025-12-13T20:00:00.000Z', 2, 1, '433', '352', 20, 20],
] as const

describe('real pages', () => {
  before(async function () {
    const present = await access(folder).then(
      () => true,
      () => false,
    )
    if (present) return
    console.log(`      skipped: no saved pages at ${folder} (SOCCER_SHARED_DIR names the folder above)`)
    this.skip()
  })

  for (const [
    id,
    homeId,
    home,
    awayId,
    away,
    kickoff,
    homeGoals,
    awayGoals,
    homeForm,
    awayForm,
    homeSquad,
    awaySquad,
  ] of matches) {
    it(`reads match ${id}`, async () => {
      const page = parseMatchPage(await readSample(`match-fr-${id}.html.gz`), id)
      if (page.kind !== 'match') throw new Error(page.kind)
      const { match } = page
      expect(match).to.deep.include({ matchId: id, status: 'finished', hasPreview: true })
      expect(match.home).to.deep.equal({ teamId: homeId, name: home })
      expect(match.away).to.deep.equal({ teamId: awayId, name: away })
      expect(match.kickoff.toISOString()).to.equal(kickoff)
      expect(match.score).to.deep.equal({ home: homeGoals, away: awayGoals })
      const sides = [match.lineups?.home, match.lineups?.away]
      expect(sides.map((side) => side?.formation)).to.deep.equal([homeForm, awayForm])
      expect(sides.map((side) => side?.players.length)).to.deep.equal([homeSquad, awaySquad])
      for (const side of sides) {
        const starters = side?.players.filter(({ starter }) => starter) ?? []
        expect(starters).to.have.length(11)
        expect(starters.every(({ rating }) => rating !== null && rating > 3 && rating <= 10)).to.equal(true)
      }
    })
  }

  for (const id of [1_485_185, 1_485_316, 1_485_389, 1_485_550]) {
    it(`reads the players of payload ${id}`, async () => {
      const centre = JSON.parse(await readSample(`match-centre-data-${id}.json.gz`)) as {
        home: { teamId: number; name: string }
        away: { teamId: number; name: string }
      }
      const lineups = readLineups(centre, centre)
      for (const side of [lineups?.home, lineups?.away])
        expect(side?.players.filter(({ starter }) => starter)).to.have.length(11)
    })
  }

  it('reads the feeds of two months', async () => {
    const september = parseFixturesFeed(await readSample('feed-18685-202009.json.gz'))
    expect(september).to.have.length(28)
    expect(september[0]).to.deep.equal({
      matchId: 1_485_187,
      stageId: 18_685,
      country: 'England',
      competition: 'Premier League',
      season: '2020/2021',
      home: { teamId: 170, name: 'Fulham' },
      away: { teamId: 13, name: 'Arsenal' },
      kickoff: new Date('2020-09-12T11:30:00Z'),
      status: 'finished',
      score: { home: 0, away: 3 },
      hasPreview: true,
    })
    expect(parseFixturesFeed(await readSample('feed-18685-202101.json.gz'))).to.have.length(50)
  })

  it('reads the preview: four missing at home, seven away', async () => {
    const page = parsePreviewPage(await readSample('preview-www-1485184.html.gz'), 1_485_184)
    if (page.kind !== 'preview') throw new Error(page.kind)
    const { missingPlayers, predictedLineups } = page.preview
    expect(missingPlayers?.home.map(({ name, status }) => [name, status])).to.deep.equal([
      ['Jimmy Dunne', 'doubtful'],
      ['Jay Rodriguez', 'doubtful'],
      ['Charlie Taylor', 'doubtful'],
      ['Dwight McNeil', 'doubtful'],
    ])
    expect(missingPlayers?.away).to.have.length(7)
    expect(missingPlayers?.away[3]).to.deep.equal({
      playerId: 100_008,
      name: 'Victor Lindelöf',
      reason: 'injured doubtful',
      status: 'doubtful',
    })
    expect([predictedLineups?.home.formation, predictedLineups?.home.players.length]).to.deep.equal([
      '4-4-2',
      11,
    ])
    expect([predictedLineups?.away.formation, predictedLineups?.away.players.length]).to.deep.equal([
      '4-2-3-1',
      11,
    ])
  })

  it('recognises a page that blocks', async () => {
    expect(parseMatchPage(await readSample('blocked-incapsula-2019.html'), 1)).to.deep.equal({
      kind: 'blocked',
      why: 'Incapsula refused the request',
    })
  })
})
