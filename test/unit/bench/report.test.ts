import { expect } from 'chai'
import { judgeAims } from '../../../scripts/bench/aims.ts'
import { readAnswerSources, subtractSources } from '../../../scripts/bench/answer-sources.ts'
import { nameOf, readProcesses, readStat } from '../../../scripts/bench/processes.ts'
import { describeResult } from '../../../scripts/bench/report.ts'
import type { CaseRound, PathResult } from '../../../scripts/bench/run-path.ts'

function round(requestsPerS: number, p99: number, failures: Record<string, number> = {}): CaseRound {
  const latencyMs = { p50: 1, p90: 2, p99, p999: p99, max: p99 * 2 }
  const cores = { predict: 0.5, scrape: 0.001 }
  return { requests: 100, requestsPerS, latencyMs, failures, sources: { hit: 99, stored: 1 }, cores }
}

const process = (name: string, residentMb: number) => ({ name, count: 1, residentMb, cpuS: 1 })

const result: PathResult = {
  cases: [
    {
      kind: 'stored',
      load: { shape: 'closed', callers: 16 },
      rounds: [round(7_000, 3), round(5_999, 30), round(6_000, 4, { '503': 2 })],
    },
    { kind: 'stored', load: { shape: 'open', ratePerS: 500 }, rounds: [round(500, 10)] },
  ],
  atRest: {
    before: [process('predict', 120.4), process('infer', 250)],
    after: [process('predict', 180), process('infer', 250)],
  },
}

describe('report of bench', () => {
  it('shows the median round, the spread and the longest wait of all', () => {
    const [, , row] = describeResult(result, []).split('\n')
    expect(row).to.match(/^stored +500\/s/)
    // Of the middle round, 6000 a second, 0.501 cores: 0.0835 ms an answer.
    const first = describeResult(result, []).split('\n')[1]
    expect(first?.split(/ {2,}/).join(' | ')).to.equal(
      'stored | 16 callers | 6000 | 5999–7000 | 1 | 2 | 4 | 4 | 60 | 2 | hit 99% stored 1% | 0.0835 | predict 0.50',
    )
  })

  it('names what went wrong and where', () => {
    expect(describeResult(result, [])).to.include('stored, 16 callers, round 3: 2 × 503')
  })

  it('judges the aims by the median round; what is below a bound does not touch it', () => {
    expect(judgeAims(result)).to.deep.equal([
      { aim: 'stored, 16 callers: at least 6000/s', measured: 6_000, met: true },
      { aim: 'stored, 500/s: p99 below 10 ms', measured: 10, met: false },
      { aim: 'predict at rest: below 150 MB', measured: 120.4, met: true },
      { aim: 'infer at rest: below 250 MB', measured: 250, met: false },
    ])
  })
})

describe('what a process takes', () => {
  it('is read from a line of /proc, whatever the name in it', () => {
    const line =
      '4711 (a) b (c) S 42 4711 4711 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 11 0 9999 1000000000 25600 1844'
    expect(readStat(line)).to.deep.equal({ parentPid: 42, cpuS: 3, residentMb: 100 })
  })

  it('is found for this very process', () => {
    const own = readProcesses(globalThis.process.pid)
    const residentMb = own.reduce((sum, { residentMb: mb }) => sum + mb, 0)
    expect(residentMb).to.be.greaterThan(20)
  })

  it('is called by what it runs', () => {
    expect(nameOf(['/usr/bin/node', '/app/functions/predict/index.ts'])).to.equal('predict')
    expect(nameOf(['node', '--flag', '/app/scripts/stack/main.ts', '--port', '1'])).to.equal('stack')
    expect(nameOf(['node', '--import', '/app/hooks.mjs', 'scripts/stack/ingress.ts'])).to.equal('ingress')
    expect(nameOf(['node', 'scripts/tool.mjs'])).to.equal('tool')
    expect(nameOf(['/opt/bin/dispatcher', 'x.ts'])).to.equal('dispatcher')
    expect(nameOf(['postgres: checkpointer '])).to.equal('postgres')
  })
})

describe('where answers came from', () => {
  it('is what the service has counted since', () => {
    const metrics = (hit: number, computed: number) =>
      `# TYPE soccer_predictions_total counter\nsoccer_predictions_total{cache="hit"} ${hit}\nsoccer_predictions_total{cache="computed"} ${computed}\nother{cache="hit"} 9\n`
    const earlier = readAnswerSources(metrics(10, 3))
    const later = readAnswerSources(metrics(110, 3))
    expect(later).to.deep.equal({ hit: 110, computed: 3 })
    expect(subtractSources(later, earlier)).to.deep.equal({ hit: 100 })
    expect(subtractSources(later, {})).to.deep.equal({ hit: 110, computed: 3 })
  })
})
