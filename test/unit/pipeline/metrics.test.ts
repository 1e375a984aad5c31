import { expect } from 'chai'
import { measure } from '../../../scripts/pipeline/metrics.ts'

describe('metrics', () => {
  // A home win forecast 0.5, 0.3, 0.2 and a draw forecast 0.2, 0.3, 0.5, worked out by hand.
  const figures = measure(Float64Array.of(0.5, 0.3, 0.2, 0.2, 0.3, 0.5), Uint8Array.of(0, 1))

  it('measures log-loss', () => expect(figures.log_loss).to.be.closeTo((Math.LN2 + 1.203973) / 2, 1e-6))
  it('measures the ranked probability score', () => expect(figures.rps).to.be.closeTo(0.145, 1e-12))
  it('measures the Brier score', () => expect(figures.brier).to.be.closeTo((0.38 + 0.78) / 2, 1e-12))
  it('measures accuracy', () => expect(figures.accuracy).to.equal(0.5))
  // Home: bins 0.5 (miss 0.5) and 0.2 (0.2); draw: one bin, |0.6 - 1|; away: 0.2 and 0.5.
  it('measures the calibration error', () =>
    expect(figures.ece).to.be.closeTo((0.35 + 0.2 + 0.35) / 3, 1e-12))

  it('counts a certain miss as one in a million', () => {
    expect(measure(Float64Array.of(1, 0, 0), Uint8Array.of(2)).log_loss).to.be.closeTo(13.815511, 1e-6)
  })

  it('refuses what are no chances', () => {
    expect(() => measure(Float64Array.of(NaN, 0.5, 0.5), Uint8Array.of(0))).to.throw('match 0 has no chances')
    expect(() => measure(new Float64Array(), new Uint8Array())).to.throw('no match')
  })
})
