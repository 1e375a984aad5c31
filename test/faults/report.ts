import type { FaultReport } from './prove-faults.ts'

/** The report as a table for people. */
export function describeReport({ asked, counted, kills, poison, seconds }: FaultReport): string {
  const rows: [string, number | string][] = [
    ['questions answered', asked.answered],
    ['  told to come back (503 with Retry-After)', asked.toldToComeBack],
    ['  attempts cut off with predict itself', asked.cutOff],
    ['unanswered', asked.unanswered.length],
    ['events the broker took', counted.requested],
    ['lost', counted.lost.length],
    ['done twice', counted.doneTwice.length],
    ['  answers delivered again, the same', counted.repeatedAnswers],
    ['dead letters', `${counted.deadLetters} (${poison} poisoned)`],
    ['predictions stored', counted.stored],
    ['kills', kills],
    ['seconds', seconds.toFixed(0)],
  ]
  return rows.map(([name, value]) => `  ${name.padEnd(44)} ${value}`).join('\n')
}
