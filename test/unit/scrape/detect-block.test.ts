import { expect } from 'chai'
import { detectBlock } from '../../../functions/scrape/sources/whoscored/detect-block.ts'
import { readFixture } from '../../fixtures/whoscored/read-fixture.ts'

const url = 'https://www.example.test/matches/7000001/live'

describe('detectBlock', () => {
  for (const [name, why] of [
    ['blocked-incapsula.html', /Incapsula/],
    ['blocked-challenge.html', /challenge/],
    ['blocked-hard.html', /Cloudflare refused/],
  ] as const) {
    it(`recognises ${name} whatever its status`, async () => {
      const html = await readFixture(name)
      expect(detectBlock(html, 200, url)).to.match(why)
      expect(detectBlock(html, 403, url)).to.match(why)
    })
  }

  it('takes good pages as good, though they carry scripts and words of Cloudflare', async () => {
    for (const name of [
      'match-before-kickoff.html',
      'match-finished.html',
      'season.html',
      'feed.json',
      'not-found.html',
    ])
      expect(detectBlock(await readFixture(name), 200, url), name).to.equal(null)
    const article =
      '<html><head><title>Just a moment of magic - how cloudflare works</title></head><body>Ray ID</body></html>'
    expect(detectBlock(article.replace('Just', 'Not just'), 200, url)).to.equal(null)
  })

  it('knows the closed feed by the path that was asked', async () => {
    const gate = await readFixture('feed-gate.html')
    expect(detectBlock(gate, 200, 'https://www.example.test/tournaments/901/data/?d=202608')).to.match(/feed/)
    const redirected = 'https://www.example.test/404.html?aspxerrorpath=/tournaments/901/data/'
    expect(detectBlock(gate, 200, redirected)).to.match(/feed/)
    expect(
      detectBlock(gate, 200, 'https://www.example.test/404.html?aspxerrorpath=/matches/1/live'),
    ).to.equal(null)
  })

  it('knows the paywall by its address, even over a page with data', async () => {
    const html = await readFixture('match-finished.html')
    expect(detectBlock(html, 200, 'https://www.example.test/plus?from=x')).to.match(/paywall/)
    expect(detectBlock(html, 200, `${url}?utm_campaign=BAU_POPUP_WS`)).to.match(/paywall/)
    expect(detectBlock(html, 200, 'https://www.example.test/plus-size')).to.equal(null)
  })

  it('takes 401, 403 and 429 as a refusal, and faults of the server as none', () => {
    for (const status of [401, 403, 429])
      expect(detectBlock('<p>no</p>', status, url)).to.contain(String(status))
    for (const status of [404, 500, 502, 503]) expect(detectBlock('<p>no</p>', status, url)).to.equal(null)
  })
})
