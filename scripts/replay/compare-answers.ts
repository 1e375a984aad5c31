import { isDeepStrictEqual } from 'node:util'
import type { Event } from '../../functions/runtime/broker/publisher.ts'

/** Moments at which something was done; two runs never agree on them. */
const times = new Set(['computed_at', 'read_at', 'page_read_at'])

/** What an answer says, without when it was said. */
function meaningOf({ type, subject, data }: Event): unknown {
  return { type, subject, data: withoutTimes(data) }
}

function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      times.has(name) ? [] : [[name, withoutTimes(member)]],
    ),
  )
}

/** `same`, or the first place that differs. */
export function compareAnswers(recorded: Event, answer: Event): string {
  return firstDifference(meaningOf(recorded), meaningOf(answer), '') ?? 'same'
}

function firstDifference(one: unknown, other: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(one, other)) return undefined
  const members = (value: unknown) =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  const [left, right] = [members(one), members(other)]
  if (!left || !right)
    return `${path || 'answer'}: ${JSON.stringify(one)} was recorded, ${JSON.stringify(other)} came`
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const difference = firstDifference(left[name], right[name], path ? `${path}.${name}` : name)
    if (difference !== undefined) return difference
  }
  return undefined
}
