import { median } from './percentiles.ts'
import type { CaseResult, CaseRound, PathResult } from './run-path.ts'

export interface Aim {
  readonly aim: string
  readonly measured: number
  readonly met: boolean
}

interface CaseAim {
  readonly name: string
  readonly fits: (one: CaseResult) => boolean
  readonly value: (round: CaseRound) => number
  readonly least?: number
  readonly below?: number
}

const closed16 = (kind: string) => (one: CaseResult) =>
  one.kind === kind && one.load.shape === 'closed' && one.load.callers === 16
const open = (kind: string) => (one: CaseResult) => one.kind === kind && one.load.shape === 'open'

/** On two cores that also make the load. */
const caseAims: readonly CaseAim[] = [
  { name: 'stored, 16 callers: at least 6000/s', fits: closed16('stored'), value: rate, least: 6_000 },
  { name: 'stored, 500/s: p99 below 10 ms', fits: open('stored'), value: p99, below: 10 },
  { name: 'computed, 16 callers: at least 500/s', fits: closed16('computed'), value: rate, least: 500 },
  { name: 'computed, 20/s: p50 below 10 ms', fits: open('computed'), value: p50, below: 10 },
  { name: 'computed, 20/s: p99 below 30 ms', fits: open('computed'), value: p99, below: 30 },
]
const memoryAimsMb: Readonly<Record<string, number>> = { predict: 150, infer: 250, scrape: 200 }

/** The aims that were measured, each with its median round. */
export function judgeAims({ cases, atRest }: PathResult): Aim[] {
  const ofCases = caseAims.flatMap(({ name, fits, value, least = 0, below = Infinity }) =>
    cases.filter(fits).map(({ rounds }) => {
      const measured = median(rounds.map(value))
      return { aim: name, measured, met: measured >= least && measured < below }
    }),
  )
  const ofMemory = atRest.before.flatMap(({ name, residentMb }) => {
    const belowMb = memoryAimsMb[name]
    if (belowMb === undefined) return []
    return [{ aim: `${name} at rest: below ${belowMb} MB`, measured: residentMb, met: residentMb < belowMb }]
  })
  return [...ofCases, ...ofMemory]
}

function rate({ requestsPerS }: CaseRound): number {
  return requestsPerS
}

function p50({ latencyMs }: CaseRound): number {
  return latencyMs.p50
}

function p99({ latencyMs }: CaseRound): number {
  return latencyMs.p99
}
