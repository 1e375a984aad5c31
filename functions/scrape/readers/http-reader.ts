import { asError, RefusedError } from '../../runtime/errors/errors.ts'
import type { Page, ReadPage } from '../sources/whoscored/source.ts'
import { sentElsewhere, tooLarge, tooSlow, unreachable } from './read-failures.ts'

interface Options {
  /** For the whole page, redirects and body included. */
  readonly timeoutMs: number
  readonly maxBytes?: number
  /** Says what we are; robots.txt is read for the same name. */
  readonly userAgent: string
}

const defaultMaxBytes = 16 * 1_048_576
const maxRedirects = 5
const maxRetryAfterMs = 24 * 3_600_000

/** Reads pages by plain HTTP. Every status is an answer; only a page that does not come is an error. */
export function createHttpReader({ timeoutMs, maxBytes = defaultMaxBytes, userAgent }: Options): ReadPage {
  return async (url) => {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const { response, finalUrl } = await follow(url, userAgent, signal)
      const body = await readText(response, url, maxBytes)
      const retryAfterMs = readRetryAfter(response.headers.get('retry-after'))
      return {
        status: response.status,
        finalUrl,
        body,
        ...(retryAfterMs !== null && { retryAfterMs }),
      } satisfies Page
    } catch (thrown) {
      if (thrown instanceof RefusedError) throw thrown
      throw signal.aborted ? tooSlow(url, timeoutMs, thrown) : unreachable(url, asError(thrown))
    }
  }
}

async function follow(
  url: string,
  userAgent: string,
  signal: AbortSignal,
): Promise<{ response: Response; finalUrl: string }> {
  const headers = { 'user-agent': userAgent, accept: 'text/html,application/json;q=0.9,*/*;q=0.1' }
  let finalUrl = url
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const response = await fetch(finalUrl, { redirect: 'manual', headers, signal })
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || location === null) return { response, finalUrl }
    await response.body?.cancel()
    const target = new URL(location, finalUrl).href
    if (new URL(target).host !== new URL(url).host) throw sentElsewhere(url, target)
    finalUrl = target
  }
  throw new RefusedError('redirected_elsewhere', 422, `${url} redirects more than ${maxRedirects} times.`)
}

async function readText(response: Response, url: string, maxBytes: number): Promise<string> {
  if (!response.body) return ''
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.byteLength
    // Leaving the loop cancels the stream, so no more is downloaded.
    if (bytes > maxBytes) throw tooLarge(url, maxBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Seconds, or a date. */
function readRetryAfter(header: string | null): number | null {
  if (header === null) return null
  const waitMs = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now()
  return Number.isFinite(waitMs) ? Math.min(Math.max(waitMs, 0), maxRetryAfterMs) : null
}
