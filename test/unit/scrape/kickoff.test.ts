import { expect } from 'chai'
import {
  monthsBetween,
  readKickoff,
  zoneOfPage,
} from '../../../functions/scrape/sources/whoscored/kickoff.ts'

const london = (text: string) => readKickoff(text, 'Europe/London', 'here').toISOString()

describe('kick-off', () => {
  it('takes an hour off in summer and none in winter', () => {
    expect(london('15/08/2026 15:00:00')).to.equal('2026-08-15T14:00:00.000Z')
    expect(london('10/01/2026 15:00:00')).to.equal('2026-01-10T15:00:00.000Z')
  })

  it('follows the clocks on the days they change', () => {
    expect(london('29/03/2026 00:30:00')).to.equal('2026-03-29T00:30:00.000Z')
    expect(london('29/03/2026 16:30:00')).to.equal('2026-03-29T15:30:00.000Z')
    expect(london('25/10/2026 00:30:00')).to.equal('2026-10-24T23:30:00.000Z')
    expect(london('25/10/2026 12:30:00')).to.equal('2026-10-25T12:30:00.000Z')
  })

  it('refuses what is not a time', () => {
    for (const text of [
      '',
      '2026-08-15',
      '31/02/2026 15:00:00',
      '15/13/2026 15:00:00',
      '15/08/2026 25:00:00',
    ])
      expect(() => london(text), text).to.throw(/^here: /)
  })

  it('knows the clocks of three editions and guesses none', () => {
    const page = (host: string) => `<link rel="canonical" href="https://${host}/matches/1/live">`
    expect(zoneOfPage(page('www.whoscored.com'))).to.equal('Europe/London')
    expect(zoneOfPage(page('fr.whoscored.com'))).to.equal('Europe/Paris')
    expect(zoneOfPage(page('es.whoscored.com'))).to.equal('Europe/Madrid')
    expect(zoneOfPage('<p>no such link</p>')).to.equal('Europe/London')
    expect(() => zoneOfPage(page('tr.whoscored.com'))).to.throw(/"tr"/)
  })

  it('lists the months of a range by the calendar of London', () => {
    const between = (from: string, to: string) => monthsBetween(new Date(from), new Date(to))
    expect(between('2026-08-05T00:00:00Z', '2026-08-20T00:00:00Z')).to.deep.equal(['202608'])
    expect(between('2026-11-20T00:00:00Z', '2027-01-02T00:00:00Z')).to.deep.equal([
      '202611',
      '202612',
      '202701',
    ])
    // Half past midnight of 1 September in London.
    expect(between('2026-08-31T23:30:00Z', '2026-08-31T23:40:00Z')).to.deep.equal(['202609'])
    expect(between('2026-08-31T00:00:00Z', '2026-07-01T00:00:00Z')).to.deep.equal([])
  })
})
