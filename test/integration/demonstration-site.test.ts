import { expect } from 'chai'
import { createBrowserReader } from '../../functions/scrape/readers/browser-reader.ts'
import { createHttpReader } from '../../functions/scrape/readers/http-reader.ts'
import { createPoliteReader } from '../../functions/scrape/readers/polite.ts'
import { detectBlock } from '../../functions/scrape/sources/whoscored/detect-block.ts'
import type { Fixture } from '../../functions/scrape/sources/whoscored/records.ts'
import { createWhoScoredSource, type ReadPage } from '../../functions/scrape/sources/whoscored/source.ts'
import {
  type DemonstrationSite,
  demonstrationStages,
  startDemonstrationSite,
} from '../../scripts/demonstration/site.ts'
import { failureOf } from '../contract/page-reader.ts'
import { requireBrowser } from '../support/require-browser.ts'

const dayMs = 86_400_000
/** A Thursday in summer time, so that the clocks of London and UTC differ. */
const now = new Date('2026-08-20T09:00:00Z')

const readHttp = createHttpReader({ timeoutMs: 5_000, userAgent: 'soccer-function-bundle' })

describe('demonstration site', () => {
  let site: DemonstrationSite
  before(async () => {
    site = await startDemonstrationSite({ port: 0, now: () => now })
  })
  after(() => site.close())

  function createSource(readPlainly: ReadPage) {
    const read = createPoliteReader({
      read: readPlainly,
      detectBlock,
      permission: undefined,
      agent: 'soccer-function-bundle',
      gapMs: 10_000,
      dailyPages: 5_000,
      maxWaitMs: 5_000,
    })
    return createWhoScoredSource({ read, baseUrl: site.url, stages: demonstrationStages, now: () => now })
  }

  const readFixtures = (): Promise<Fixture[]> =>
    createSource(readHttp).readFixtures(now, new Date(now.getTime() + 10 * dayMs))

  it('has fixtures of six leagues on each of the next ten days', async () => {
    const fixtures = await readFixtures()
    expect(new Set(fixtures.map(({ country, competition }) => `${country}: ${competition}`))).to.deep.equal(
      new Set([
        'England: Premier League',
        'Spain: LaLiga',
        'Germany: Bundesliga',
        'Italy: Serie A',
        'France: Ligue 1',
        'Netherlands: Eredivisie',
      ]),
    )
    const days = new Set(fixtures.map(({ kickoff }) => kickoff.toISOString().slice(0, 10)))
    for (let ahead = 0; ahead < 10; ahead += 1)
      expect(days).to.include(new Date(now.getTime() + ahead * dayMs).toISOString().slice(0, 10))
    expect(fixtures.every(({ status, score }) => status === 'scheduled' && score === null)).to.equal(true)
  })

  it('lets no club play twice on a day', async () => {
    const fixtures = await readFixtures()
    const plays = fixtures.flatMap(({ home, away, kickoff }) =>
      [home, away].map(({ name }) => `${name} ${kickoff.toISOString().slice(0, 10)}`),
    )
    expect(new Set(plays).size).to.equal(plays.length)
  })

  it('gives the same meeting the same number on another day, outside the range of real numbers', async () => {
    const tomorrow = new Date(now.getTime() + dayMs)
    const later = await startDemonstrationSite({ port: 0, now: () => tomorrow })
    try {
      const source = createWhoScoredSource({
        read: readHttp,
        baseUrl: later.url,
        stages: demonstrationStages,
        now: () => tomorrow,
      })
      const key = ({ home, away, kickoff, matchId }: Fixture) =>
        `${matchId} ${home.name} ${away.name} ${kickoff.toISOString()}`
      const range = [tomorrow, new Date(now.getTime() + 9 * dayMs)] as const
      const today = (await createSource(readHttp).readFixtures(...range)).map(key)
      expect((await source.readFixtures(...range)).map(key)).to.deep.equal(today)
      const ids = (await readFixtures()).map(({ matchId }) => matchId)
      expect(ids.every((id) => Number.isSafeInteger(id) && id > 9_000_000_000)).to.equal(true)
      expect(new Set(ids).size).to.equal(ids.length)
    } finally {
      await later.close()
    }
  })

  it('agrees with itself: every fixture has a page that says the same', async () => {
    const source = createSource(readHttp)
    const counts = { missing: 0, nobody: 0, withoutPreview: 0 }
    for (const fixture of await readFixtures()) {
      const { match, missingPlayers } = await source.readMatch(fixture.matchId)
      expect([match.home, match.away, match.kickoff, match.status]).to.deep.equal([
        fixture.home,
        fixture.away,
        fixture.kickoff,
        'scheduled',
      ])
      expect(match.hasPreview).to.equal(fixture.hasPreview)
      expect(match.homeCountry).to.equal(fixture.country)
      if (missingPlayers === null) counts.withoutPreview += 1
      else if (missingPlayers.home.length === 0 && missingPlayers.away.length === 0) counts.nobody += 1
      else counts.missing += 1
    }
    expect(counts.missing).to.be.above(counts.nobody)
    expect(counts.nobody).to.be.above(0)
    expect(counts.withoutPreview).to.be.above(0)
  }).timeout(60_000)

  it('has finished matches with line-ups of eleven and a bench', async () => {
    const source = createSource(readHttp)
    const past = await source.readFixtures(new Date(now.getTime() - 2 * dayMs), now)
    const [finished] = past.filter(({ status }) => status === 'finished')
    if (!finished) throw new Error('no finished match')
    const { match, missingPlayers } = await source.readMatch(finished.matchId)
    expect(match.score).to.deep.equal(finished.score)
    expect(missingPlayers).to.equal(null)
    for (const side of [match.lineups?.home, match.lineups?.away]) {
      expect(side?.formation).to.equal('433')
      expect(side?.players.filter(({ starter }) => starter)).to.have.length(11)
      expect(side?.players.filter(({ starter }) => !starter).length).to.be.above(3)
      expect(new Set(side?.players.map(({ playerId }) => playerId)).size).to.equal(side?.players.length)
      expect(new Set(side?.players.map(({ name }) => name)).size).to.equal(side?.players.length)
    }
  })

  it('says on every page that it is a demonstration', async () => {
    const [fixture] = (await readFixtures()).filter(({ hasPreview }) => hasPreview)
    const paths = [
      '/',
      '/regions/90000021/tournaments/90000011',
      '/404.html',
      `/matches/${fixture?.matchId}/live`,
      `/matches/${fixture?.matchId}/preview`,
    ]
    for (const path of paths) {
      const { body } = await readHttp(`${site.url}${path}`)
      expect(body, path).to.contain('This is a demonstration site.').and.contain('<meta name="demonstration"')
    }
  })

  it('knows no other matches', async () => {
    for (const id of [1, 1_903_119, 9_207_000_001])
      expect((await failureOf(createSource(readHttp).readMatch(id))).code).to.equal('unknown_match')
  })

  it('is read the same through a real browser', async () => {
    const place = await requireBrowser()
    const browser = createBrowserReader({ place, pageTimeoutMs: 10_000 })
    try {
      const source = createSource(browser.read)
      const plain = await readFixtures()
      expect(await source.readFixtures(now, new Date(now.getTime() + 10 * dayMs))).to.deep.equal(plain)
      const [fixture] = plain.filter(({ hasPreview }) => hasPreview)
      const matchId = fixture?.matchId ?? 0
      expect(await source.readMatch(matchId)).to.deep.equal(await createSource(readHttp).readMatch(matchId))
      expect((await failureOf(source.readMatch(1))).code).to.equal('unknown_match')
    } finally {
      await browser.close()
    }
  })
})
