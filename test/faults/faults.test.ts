import { expect } from 'chai'
import { type OpenStack, openStack } from '../support/running-stack.ts'
import { proveFaults } from './prove-faults.ts'
import { describeReport } from './report.ts'

describe('the stack, its parts killed in turn', function () {
  this.timeout(20 * 60_000)
  let stack: OpenStack

  before(async () => {
    stack = await openStack()
  })
  after(() => stack.stop())

  it('answers 10,000 questions, loses nothing and does nothing twice', async () => {
    const say = (line: string) => console.log(`    ${line}`)
    const report = await proveFaults(stack, { requests: 10_000, callers: 16, rounds: 2, say })
    say(`\n${describeReport(report)}\n`)
    expect(report.asked.unanswered).to.deep.equal([])
    expect(report.asked.answered).to.be.at.least(10_000)
    expect(report.counted.lost).to.deep.equal([])
    expect(report.counted.doneTwice).to.deep.equal([])
    expect(report.counted.deadLetters).to.equal(report.poison)
  })
})
