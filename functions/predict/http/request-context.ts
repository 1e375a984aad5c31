import { randomUUID } from 'node:crypto'
import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { Lifecycle } from '../../runtime/lifecycle/lifecycle.ts'
import type { Metrics } from '../../runtime/metrics/metrics.ts'

/** A client's own id is kept when it is harmless in headers and logs. */
const harmlessId = /^[A-Za-z0-9._-]{1,128}$/

export function requestIdOf(response: Response): string {
  return String(response.locals['requestId'])
}

/** Gives every request an id, the safe headers, and a place in the metrics. */
export function startRequest(metrics: Metrics, lifecycle: Lifecycle): RequestHandler {
  const duration = metrics.timer('soccer_http_request_duration_seconds', 'Time to answer an HTTP request', [
    'method',
    'route',
    'status',
  ])
  return (request: Request, response: Response, next: NextFunction) => {
    const given = request.get('x-request-id')
    const requestId = given && harmlessId.test(given) ? given : randomUUID()
    response.locals['requestId'] = requestId
    response.set({
      'x-request-id': requestId,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy':
        "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    })
    // A client must not keep a connection for its next request that is about to be closed.
    if (lifecycle.stopping) response.set('connection', 'close')
    const stop = duration.startTimer()
    response.on('finish', () => {
      // The route's pattern, not the path: a path is the caller's text and would make endless series.
      const route = (request.route as { path?: unknown } | undefined)?.path
      stop({
        method: request.method,
        route: typeof route === 'string' ? route : 'none',
        status: String(response.statusCode),
      })
    })
    next()
  }
}
