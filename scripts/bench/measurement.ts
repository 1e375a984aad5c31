/** Milliseconds. */
export interface Latency {
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** What came of asking for a while. */
export interface Measurement {
  readonly requests: number
  readonly requestsPerS: number
  readonly latencyMs: Latency
  /** How many went wrong, by status or by what happened instead of an answer; empty: every answer was a 200. */
  readonly failures: Readonly<Record<string, number>>
}
