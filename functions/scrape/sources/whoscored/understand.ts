import type { z } from 'zod'
import { RefusedError } from '../../../runtime/errors/errors.ts'

/** The page is not built as we know it: the place and what stood there. */
export function notUnderstood(place: string, detail: string): RefusedError {
  return new RefusedError('page_not_understood', 422, `${place}: ${detail}`)
}

/** Holds a value from a page to its schema; the error names the place inside the page. */
export function understand<T>(schema: z.ZodType<T>, value: unknown, place: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = (issue?.path ?? []).map((step) =>
    typeof step === 'number' ? `[${step}]` : `.${String(step)}`,
  )
  throw notUnderstood(`${place}${path.join('')}`, issue?.message ?? 'does not have the known form')
}
