import { expect } from 'chai'
import { parseSeasonPage } from '../../../functions/scrape/sources/whoscored/parse-season-page.ts'
import { readFixture } from '../../fixtures/whoscored/read-fixture.ts'

describe('parseSeasonPage', () => {
  it('reads seasons, stages and the days of the calendar, whose months count from zero', async () => {
    expect(parseSeasonPage(await readFixture('season.html'))).to.deep.equal({
      seasons: [
        { seasonId: 31, label: '2026/2027' },
        { seasonId: 30, label: '2025/2026' },
      ],
      stageIds: [901, 902],
      days: ['2025-12-30', '2025-12-31', '2026-01-02'],
    })
  })

  it('finds the only stage of a league by its link, in any language', async () => {
    const html = (await readFixture('season.html')).replace('id="stages"', 'id="gone"')
    expect(parseSeasonPage(html).stageIds).to.deep.equal([901])
  })

  it('has no days where no calendar or an empty one stands', async () => {
    const html = await readFixture('season.html')
    expect(parseSeasonPage(html.replace('wsCalendar', 'gone')).days).to.deep.equal([])
    expect(parseSeasonPage(html.replace(/mask:\{.*\}\},/, 'mask:{},')).days).to.deep.equal([])
  })

  it('refuses a page without a stage, and a month that does not exist', async () => {
    expect(() => parseSeasonPage('<html><body></body></html>')).to.throw(/names no stage/)
    const html = await readFixture('season.html')
    expect(() => parseSeasonPage(html.replace('{11:', '{12:'))).to.throw(/^wsCalendar\.mask/)
  })
})
