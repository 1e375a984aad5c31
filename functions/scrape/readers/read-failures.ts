import { NotNowError, RefusedError } from '../../runtime/errors/errors.ts'

/** What every reader throws for the same trouble, so that callers need not know which one they have. */
export function tooSlow(url: string, timeoutMs: number, cause?: unknown): NotNowError {
  return new NotNowError('source_slow', `${url} did not answer within ${timeoutMs} ms.`, { cause })
}

export function unreachable(url: string, cause: unknown): NotNowError {
  return new NotNowError('source_unreachable', `${url} cannot be reached.`, { cause })
}

export function tooLarge(url: string, maxBytes: number): RefusedError {
  return new RefusedError('page_too_large', 422, `${url} is larger than ${maxBytes} bytes.`)
}

/** Another host has its own permission, its own robots.txt and its own pace. */
export function sentElsewhere(url: string, target: string): RefusedError {
  return new RefusedError(
    'redirected_elsewhere',
    422,
    `${url} leads to another host: ${new URL(target).host}.`,
  )
}
