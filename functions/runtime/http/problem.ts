import { NotNowError, RefusedError } from '../errors/errors.ts'

/** An RFC 9457 problem document. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly [member: string]: unknown
}

export const problemContentType = 'application/problem+json'

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Conflict',
  413: 'Content too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Service unavailable',
}

/**
 * Says what went wrong without saying how we are built: a driver's message, a path or a stack never leaves.
 * `retryAfterS` belongs into the Retry-After header.
 */
export function problemOf(thrown: unknown): { readonly problem: Problem; readonly retryAfterS?: number } {
  if (thrown instanceof RefusedError) {
    return { problem: { ...document(thrown.status, thrown.code, thrown.message), ...thrown.members } }
  }
  if (thrown instanceof NotNowError) {
    const retryAfterS = Math.max(1, Math.ceil(thrown.retryAfterMs / 1_000))
    return { problem: document(503, thrown.code, thrown.message), retryAfterS }
  }
  return {
    problem: document(
      500,
      'internal_error',
      'Something broke on our side. The fault is logged under the request id.',
    ),
  }
}

function document(status: number, code: string, detail: string): Problem {
  return { type: `urn:soccer:problem:${code}`, title: titles[status] ?? 'Error', status, detail, code }
}
