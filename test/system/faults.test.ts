import { expect } from 'chai'
import { proveFaults } from '../faults/prove-faults.ts'
import { describeReport } from '../faults/report.ts'
import { type OpenStack, openStack } from '../support/running-stack.ts'

/** The short form of `npm run test:faults`. */
describe('the stack, each part killed once', function () {
  this.timeout(5 * 60_000)
  let stack: OpenStack

  before(async () => {
    stack = await openStack()
  })
  after(() => stack.stop())

  it('answers every question, loses nothing and does nothing twice', async () => {
    const report = await proveFaults(stack, { requests: 500, callers: 4, rounds: 1, say: () => undefined })
    console.log(describeReport(report))
    expect(report.asked.unanswered).to.deep.equal([])
    expect(report.counted.lost).to.deep.equal([])
    expect(report.counted.doneTwice).to.deep.equal([])
    expect(report.counted.deadLetters).to.equal(report.poison)
  })
})
