import { expect } from 'chai'
import {
  arePlausibleOdds,
  removeMarginByPower,
  removeMarginByShin,
  removeMarginProportionally,
} from '../../../../functions/infer/model/fair-odds.ts'
import { computeOutcome, invertOutcome } from '../../../../functions/infer/model/goal-model.ts'

describe('goal model', () => {
  it('gives two sides of one expected goal each the draw of the Bessel function', () => {
    // Two Poissons of mean 1 are equal with e^-2·I0(2) = 0.135335·2.279585; Dixon-Coles adds 2·0.06·e^-2.
    const { home, draw, away } = computeOutcome(0, 0)
    expect(draw).to.be.closeTo(0.308508 + 0.0162402, 1e-6)
    expect(home).to.be.closeTo((1 - 0.3247485) / 2, 1e-6)
    expect(away).to.be.closeTo(home, 1e-12)
  })

  it('comes back to the rates the chances were made of', () => {
    for (const home of [-1, -0.3, 0.2, 0.7, 1.2]) {
      for (const away of [-1.2, -0.4, 0.1, 0.6, 1.1]) {
        const rates = invertOutcome(computeOutcome(home, away))
        expect(rates?.home, `${home}, ${away}`).to.be.closeTo(home, 1e-6)
        expect(rates?.away, `${home}, ${away}`).to.be.closeTo(away, 1e-6)
      }
    }
  })

  it('finds no rates for a draw no match has', () => {
    expect(invertOutcome({ home: 0.005, draw: 0.99, away: 0.005 })).to.equal(undefined)
    expect(invertOutcome({ home: 0.4995, draw: 0.001, away: 0.4995 })).to.equal(undefined)
  })

  it('stays finite for absurd ratings', () => {
    const { home, draw, away } = computeOutcome(50, -50)
    expect(Math.min(home, draw, away)).to.be.greaterThan(0)
    expect(home + draw + away).to.be.closeTo(1, 1e-12)
  })
})

describe('fair odds', () => {
  it('spreads the margin in proportion', () => {
    expect(removeMarginProportionally(1.8, 3.6, 3.6)).to.deep.include({ home: 0.5 })
  })

  it('undoes a power margin', () => {
    // Prices made from 0.5, 0.25, 0.25 with the exponent 1/1.25.
    const fair = removeMarginByPower(2 ** 0.8, 4 ** 0.8, 4 ** 0.8)
    expect(fair.home).to.be.closeTo(0.5, 1e-12)
    expect(fair.draw).to.be.closeTo(0.25, 1e-12)
  })

  it("undoes a margin made by Shin's own formula", () => {
    const [fair, z] = [[0.5, 0.3, 0.2], 0.03]
    const roots = fair.map((p) => Math.sqrt(z * p + (1 - z) * p * p))
    const sum = roots.reduce((total, root) => total + root, 0)
    const [home = 0, draw = 0, away = 0] = roots.map((root) => 1 / (root * sum))
    const removed = removeMarginByShin(home, draw, away)
    expect(removed.home).to.be.closeTo(0.5, 1e-9)
    expect(removed.draw).to.be.closeTo(0.3, 1e-9)
    expect(removed.away).to.be.closeTo(0.2, 1e-9)
  })

  it('refuses prices that are none', () => {
    expect(arePlausibleOdds(2, 3.4, 4)).to.equal(true)
    expect(arePlausibleOdds(1, 3.4, 4)).to.equal(false)
    expect(arePlausibleOdds(NaN, 3.4, 4)).to.equal(false)
    expect(arePlausibleOdds(10, 10, 10)).to.equal(false)
  })
})
