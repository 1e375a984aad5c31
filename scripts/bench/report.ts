import type { Aim } from './aims.ts'
import type { Latency } from './measurement.ts'
import { median } from './percentiles.ts'
import { type CaseResult, type CaseRound, describeLoad, type PathResult } from './run-path.ts'

/** The median round of every figure, and of the longest wait the worst round. */
export function describeResult({ cases, atRest }: PathResult, aims: readonly Aim[]): string {
  return [
    table([
      [
        'answers',
        'load',
        'per s',
        '(rounds)',
        'p50 ms',
        'p90',
        'p99',
        'p99.9',
        'max',
        'bad',
        'from',
        'cores',
      ],
      ...cases.map(caseRow),
    ]),
    ...failureLines(cases),
    ...(atRest.before.length > 0
      ? ['', table([['resident MB', 'processes', 'at rest', 'after the load'], ...memoryRows(atRest)])]
      : []),
    '',
    ...aims.map(({ aim, measured, met }) => `${met ? 'met   ' : 'MISSED'}  ${aim}: ${shortNumber(measured)}`),
  ].join('\n')
}

function caseRow({ kind, load, rounds }: CaseResult): string[] {
  const rates = rounds.map(({ requestsPerS }) => requestsPerS)
  const wait = (name: keyof Latency) => shortNumber(median(rounds.map(({ latencyMs }) => latencyMs[name])))
  return [
    kind,
    describeLoad(load),
    shortNumber(median(rates)),
    `${shortNumber(Math.min(...rates))}–${shortNumber(Math.max(...rates))}`,
    wait('p50'),
    wait('p90'),
    wait('p99'),
    wait('p999'),
    shortNumber(Math.max(...rounds.map(({ latencyMs }) => latencyMs.max))),
    String(rounds.reduce((sum, round) => sum + countFailures(round), 0)),
    describeSources(rounds),
    describeEffort(rounds),
    describeCores(rounds),
  ]
}

export function countFailures({ failures }: Pick<CaseRound, 'failures'>): number {
  return Object.values(failures).reduce((sum, count) => sum + count, 0)
}

function failureLines(cases: readonly CaseResult[]): string[] {
  return cases.flatMap(({ kind, load, rounds }) =>
    rounds.flatMap(({ failures }, index) =>
      Object.entries(failures).map(
        ([what, count]) => `${kind}, ${describeLoad(load)}, round ${index + 1}: ${count} × ${what}`,
      ),
    ),
  )
}

/** Shares of the sources over all rounds, such as `hit 100%`. */
function describeSources(rounds: readonly CaseRound[]): string {
  const counts = new Map<string, number>()
  for (const { sources } of rounds)
    for (const [name, count] of Object.entries(sources)) counts.set(name, (counts.get(name) ?? 0) + count)
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return [...counts].map(([name, count]) => `${name} ${Math.round((100 * count) / all)}%`).join(' ') || '–'
}

/** Processor time of all processes for one answer: what other work on the machine disturbs least. */
function describeEffort(rounds: readonly CaseRound[]): string {
  const efforts = rounds.map(({ cores, requestsPerS }) => {
    const taken = Object.values(cores).reduce((sum, one) => sum + one, 0)
    return (1_000 * taken) / requestsPerS
  })
  const effortMs = median(efforts)
  return effortMs > 0 ? shortNumber(effortMs) : '–'
}

function describeCores(rounds: readonly CaseRound[]): string {
  const names = Object.keys(rounds[0]?.cores ?? {})
  return (
    names
      .map((name): [string, number] => [name, median(rounds.map(({ cores }) => cores[name] ?? 0))])
      .filter(([, cores]) => cores >= 0.01)
      .toSorted(([, one], [, other]) => other - one)
      .map(([name, cores]) => `${name} ${cores.toFixed(2)}`)
      .join(' ') || '–'
  )
}

function memoryRows({ before, after }: PathResult['atRest']): string[][] {
  const later = new Map(after.map(({ name, residentMb }) => [name, residentMb]))
  return before
    .toSorted((one, other) => other.residentMb - one.residentMb)
    .map(({ name, count, residentMb }) => [
      name,
      String(count),
      shortNumber(residentMb),
      shortNumber(later.get(name) ?? Number.NaN),
    ])
}

/** Three digits that count, and all those before the point. */
function shortNumber(value: number): string {
  if (Number.isNaN(value)) return '–'
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)))
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}
