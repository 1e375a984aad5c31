import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { UsageError } from '../usage-error.ts'

/** One condition on an event. */
export interface Where {
  readonly text: string
  readonly isTrue: (event: Event) => boolean
}

const condition = /^\s*([^=!<>]*?)\s*(!=|<=|>=|=|<|>)\s*(.*?)\s*$/s
const attribute = /^[a-z0-9]+$/
const member = /^[\w-]+$/

/**
 * `data.match_id=123`, `source!=/soccer/predict`, `data.missing_players.home.0.name=A. Player`. Values are compared as
 * text; an absent one equals the empty text and is neither less nor greater than anything.
 * @throws UsageError
 */
export function parseWhere(text: string): Where {
  const [, path, operator, value] = condition.exec(text) ?? []
  if (path === undefined || operator === undefined || value === undefined)
    throw new UsageError(
      `--where ${text} is no condition: PATH=VALUE is wanted, or != < <= > >= instead of =`,
    )
  const names = parsePath(path, text)
  return { text, isTrue: (event) => holds(textOf(valueAt(event, names)), operator, value) }
}

function parsePath(path: string, text: string): string[] {
  const [first = '', ...rest] = path.split('.')
  if (!attribute.test(first))
    throw new UsageError(`--where ${text}: "${first}" is no attribute; their names are of a-z and 0-9`)
  if (first !== 'data' && rest.length > 0)
    throw new UsageError(`--where ${text}: only data has members, not ${first}`)
  const wrong = rest.find((name) => !member.test(name))
  if (wrong !== undefined)
    throw new UsageError(`--where ${text}: "${wrong}" is no member; data.some_name.0 is meant`)
  return [first, ...rest]
}

function valueAt(event: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>((value, name) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    return (value as Record<string, unknown>)[name]
  }, event)
}

function textOf(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function holds(actual: string, operator: string, wanted: string): boolean {
  if (operator === '=') return actual === wanted
  if (operator === '!=') return actual !== wanted
  if (actual === '') return false
  const difference = compare(actual, wanted)
  const isSo = { '<': difference < 0, '<=': difference <= 0, '>': difference > 0, '>=': difference >= 0 }
  return isSo[operator as keyof typeof isSo]
}

function compare(one: string, other: string): number {
  const difference = Number(one) - Number(other)
  if (!Number.isNaN(difference) && other !== '') return difference
  return Number(one > other) - Number(one < other)
}
