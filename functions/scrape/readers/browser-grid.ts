import { z } from 'zod'
import { NotNowError } from '../../runtime/errors/errors.ts'

interface Grid {
  readonly kind: 'selenoid' | 'other'
  readonly ready: boolean
}

/** Selenoid counts at the top level; Selenium Grid and a bare driver say `ready` in a `value`. */
const statusSchema = z.union([
  z
    .object({
      total: z.number(),
      used: z.number(),
      pending: z.number().default(0),
      queued: z.number().default(0),
    })
    .transform(
      ({ total, used, pending, queued }): Grid => ({
        kind: 'selenoid',
        ready: used + pending + queued < total,
      }),
    ),
  z
    .object({ value: z.object({ ready: z.boolean() }) })
    .transform(({ value }): Grid => ({ kind: 'other', ready: value.ready })),
])

/**
 * Asks a grid whether it has a browser to spare. A full one would hold the request for a session for as long as the
 * queue lasts, without a word. A grid that has no such page is taken as ready.
 */
export async function probeGrid(gridUrl: string, timeoutMs: number): Promise<Grid> {
  const url = new URL('/status', gridUrl)
  const { username, password } = url
  // fetch refuses credentials in an address.
  url.username = ''
  url.password = ''
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    'base64',
  )
  const headers = username === '' ? {} : { authorization: `Basic ${basic}` }
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) })
    const status = statusSchema.safeParse(await response.json().catch(() => null))
    return status.success ? status.data : { kind: 'other', ready: true }
  } catch (cause) {
    throw new NotNowError('browser_unavailable', `The browser grid at ${url.host} does not answer.`, {
      cause,
    })
  }
}
