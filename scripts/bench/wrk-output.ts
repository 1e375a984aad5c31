import { z } from 'zod'
import type { Measurement } from './measurement.ts'
import { resultMark } from './wrk-script.ts'

const count = z.number().int().nonnegative()

const result = z.strictObject({
  asked: count,
  answered: count,
  durationUs: count,
  statuses: z.record(z.string(), count),
  socket: z.strictObject({ connect: count, read: count, write: count, timeout: count }),
  latencyUs: z.strictObject({ p50: count, p90: count, p99: count, p999: count, max: count }),
})

export interface WrkResult extends Measurement {
  /** Questions used up; more than were answered: wrk makes one to look at it, and the end cuts some off. */
  readonly asked: number
}

/** @throws Error where wrk printed no result */
export function readWrkOutput(output: string): WrkResult {
  const line = output.split('\n').find((text) => text.startsWith(resultMark))
  if (line === undefined) throw new Error(`wrk gave no result:\n${output.slice(-2_000)}`)
  const { asked, answered, durationUs, statuses, socket, latencyUs } = result.parse(
    JSON.parse(line.slice(resultMark.length)),
  )
  const seen = { ...statuses, ...renamed(socket) }
  const { p50, p90, p99, p999, max } = latencyUs
  return {
    asked,
    requests: answered,
    requestsPerS: answered / (durationUs / 1_000_000),
    latencyMs: {
      p50: p50 / 1_000,
      p90: p90 / 1_000,
      p99: p99 / 1_000,
      p999: p999 / 1_000,
      max: max / 1_000,
    },
    failures: Object.fromEntries(Object.entries(seen).filter(([name, times]) => name !== '200' && times > 0)),
  }
}

/** `timeout` is an answer that came too late; the others are faults of the connection. */
const renamed = (socket: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(socket).map(([name, times]) => [`socket ${name}`, times]))
