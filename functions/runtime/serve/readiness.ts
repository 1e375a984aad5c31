import { asError } from '../errors/errors.ts'
import { withDeadline } from '../lifecycle/deadline.ts'

/** A dependency by name, and how to ask whether it answers; throws when it does not. */
export type ReadinessChecks = Readonly<Record<string, () => Promise<void>>>

export interface Readiness {
  readonly ready: boolean
  /** By name: `ok`, or what is wrong. */
  readonly checks: Readonly<Record<string, string>>
}

const checkTimeoutMs = 2_000

/**
 * Asks every dependency at once and names each. What is `dispensable` is named, too, but its absence takes no traffic
 * away: without it the work is slower and still right.
 */
export async function askReadiness(
  checks: ReadinessChecks,
  dispensable: ReadinessChecks = {},
): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries({ ...checks, ...dispensable }).map(async ([name, check]): Promise<[string, string]> => {
      try {
        await withDeadline(check(), checkTimeoutMs, () => new Error(`no answer within ${checkTimeoutMs} ms`))
        return [name, 'ok']
      } catch (thrown) {
        return [name, asError(thrown).message]
      }
    }),
  )
  const ready = results.every(([name, result]) => result === 'ok' || name in dispensable)
  return { ready, checks: Object.fromEntries(results) }
}
