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
  after(async () => { (await import("node:fs")).writeFileSync("/work/tmp/faults-stack.log", stack.log.join("\n")); await stack.stop() })

  it('answers 10,000 questions, loses nothing and does nothing twice', async () => {
    const say = (line: string) => console.log(`    ${line}`)
    const report = await proveFaults(stack, { requests: 1500, callers: 16, rounds: 1, say })
    say(`\n${describeReport(report)}\n`)
    expect(report.asked.unanswered).to.deep.equal([])
    expect(report.asked.answered).to.equal(1500)
    expect(report.counted.lost).to.deep.equal([])
    expect(report.counted.doneTwice).to.deep.equal([])
    expect(report.counted.deadLetters).to.equal(report.poison)
  })
})
