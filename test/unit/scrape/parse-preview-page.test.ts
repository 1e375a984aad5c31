import { expect } from 'chai'
import { parsePreviewPage } from '../../../functions/scrape/sources/whoscored/parse-preview-page.ts'
import { readFixture } from '../../fixtures/whoscored/read-fixture.ts'

async function readPreview(change: (html: string) => string = (html) => html) {
  const page = parsePreviewPage(change(await readFixture('preview.html')), 7_000_001)
  if (page.kind !== 'preview') throw new Error(page.kind)
  return page.preview
}

describe('parsePreviewPage', () => {
  it('reads who is missing on each side, and why', async () => {
    expect((await readPreview()).missingPlayers).to.deep.equal({
      home: [
        { playerId: 61, name: "Seán O'Loch", reason: 'injured', status: 'out' },
        { playerId: 62, name: 'Tam & Son', reason: 'injured doubtful', status: 'doubtful' },
      ],
      away: [],
    })
  })

  it('reads the predicted line-ups, with brackets inside a name', async () => {
    expect((await readPreview()).predictedLineups).to.deep.equal({
      home: {
        formation: '4-4-2',
        players: [
          { playerId: 41, name: "Rory O'Sedge", position: 'GK' },
          { playerId: 42, name: 'Ivo (Ivinho) Reed', position: 'DC' },
        ],
      },
      away: { formation: '3-5-2', players: [{ playerId: 51, name: 'Jörg Weiß', position: 'FW' }] },
    })
  })

  it('keeps "no section" apart from "nobody missing"', async () => {
    const preview = await readPreview((html) =>
      html.replace('id="missing-players"', 'id="other"').replace('id="preview-lineups"', 'id="another"'),
    )
    expect(preview).to.deep.equal({ missingPlayers: null, predictedLineups: null })
    const nobody = await readPreview((html) =>
      html.replace(/<tr class="">.*<\/tr>\n<tr class="alt">.*<\/tr>/, ''),
    )
    expect(nobody.missingPlayers).to.deep.equal({ home: [], away: [] })
  })

  it('names the row that it does not understand', async () => {
    const html = await readFixture('preview.html')
    expect(() => parsePreviewPage(html.replace('/Players/62/Show/tam', '#'), 7_000_001)).to.throw(
      /^#missing-players \.home row 2: /,
    )
    expect(() => parsePreviewPage(html.replace('col12 away', 'col12 guest'), 7_000_001)).to.throw(/two sides/)
  })

  it('proves that the page is that of the match', async () => {
    expect(parsePreviewPage(await readFixture('preview.html'), 7_000_002).kind).to.equal('not_ready')
    expect(parsePreviewPage(await readFixture('blocked-hard.html'), 7_000_001).kind).to.equal('blocked')
  })
})
