import { expect } from 'chai'
import { latencyOf, median, percentile } from '../../../scripts/bench/percentiles.ts'

describe('percentiles', () => {
  it('takes the nearest rank, a value that was measured', () => {
    expect(percentile([15, 20, 35, 40, 50], 30)).to.equal(20)
    expect(percentile([15, 20, 35, 40, 50], 40)).to.equal(20)
    expect(percentile([15, 20, 35, 40, 50], 50)).to.equal(35)
    expect(percentile([15, 20, 35, 40, 50], 100)).to.equal(50)
    expect(percentile([7], 1)).to.equal(7)
  })

  it('is not led a rank too far by floating point', () => {
    const oneToThousand = Array.from({ length: 1_000 }, (_, index) => index + 1)
    expect(percentile(oneToThousand, 99.9)).to.equal(999)
    expect(percentile(oneToThousand, 99)).to.equal(990)
    expect(percentile(oneToThousand, 55)).to.equal(550)
  })

  it('sorts by number, not by text', () => {
    expect(latencyOf([100, 9, 20])).to.deep.equal({ p50: 20, p90: 100, p99: 100, p999: 100, max: 100 })
  })

  it('has no number where nothing was measured', () => {
    expect(latencyOf([]).p99).to.be.NaN
  })

  it('takes a measured value for the median of an even number', () => {
    expect(median([4, 1, 3, 2])).to.equal(2)
    expect(median([9, 10, 100])).to.equal(10)
  })
})
