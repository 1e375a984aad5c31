import type { Latency } from './measurement.ts'

/** Nearest rank: the smallest value that at least `percent` of all values do not exceed. NaN where there is none. */
export function percentile(sorted: readonly number[], percent: number): number {
  // Rounded first: 99.9 % of 1000 is 999, and in floating point a little more.
  const rank = Math.ceil(Number(((percent / 100) * sorted.length).toFixed(6)))
  return sorted[Math.max(rank, 1) - 1] ?? Number.NaN
}

export function latencyOf(valuesMs: readonly number[]): Latency {
  const sorted = valuesMs.toSorted((a, b) => a - b)
  const at = (percent: number) => percentile(sorted, percent)
  return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: at(100) }
}

/** Of an even number the lower of the two in the middle, so that it is a value that was measured. */
export function median(values: readonly number[]): number {
  return percentile(
    values.toSorted((a, b) => a - b),
    50,
  )
}
