import type { IncomingHttpHeaders } from 'node:http'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** A symbol, because the runtime copies headers by spreading them, and nobody can send one. */
const asTheyCame = Symbol('headers as they came')

/**
 * faas-js-runtime parses JSON and events by itself: a malformed event is answered 500, and data that is a JSON text can
 * no longer be told from JSON. So it is shown no event, and bytes for a body.
 */
export function hideEvent(headers: IncomingHttpHeaders & { [asTheyCame]?: Headers }): void {
  const original = { ...headers }
  for (const name of Object.keys(headers)) if (name.startsWith('ce-')) delete headers[name]
  headers['content-type'] = 'application/octet-stream'
  headers[asTheyCame] = original
}

/** The headers as they came. */
export function revealHeaders(headers: Headers & { readonly [asTheyCame]?: Headers }): Headers {
  return headers[asTheyCame] ?? headers
}
