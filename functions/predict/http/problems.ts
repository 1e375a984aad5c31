import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import { asError, RefusedError } from '../../runtime/errors/errors.ts'
import { problemContentType, problemOf } from '../../runtime/http/problem.ts'
import type { Logger } from '../../runtime/logging/logger.ts'
import { requestIdOf } from './request-context.ts'

/** Turns whatever a route threw into a problem document. */
export function answerProblems(log: Logger): ErrorRequestHandler {
  return (thrown: unknown, request, response, next) => {
    if (response.headersSent) {
      next(thrown)
      return
    }
    const error = bodyFault(thrown) ?? thrown
    const { problem, retryAfterS } = problemOf(error)
    const requestId = requestIdOf(response)
    if (problem.status === 500) log.error({ err: asError(thrown), requestId }, 'a request failed')
    else if (problem.status === 503) log.warn({ err: asError(error), requestId }, 'not now')
    else
      log.info({ code: problem.code, status: problem.status, requestId, method: request.method }, 'refused')
    if (retryAfterS !== undefined) response.set('retry-after', String(retryAfterS))
    send(response, { ...problem, request_id: requestId }, problem.status)
  }
}

function send(response: Response, problem: object, status: number): void {
  response.status(status).type(problemContentType).send(JSON.stringify(problem))
}

/** What express's body parser throws, by its `type` (https://github.com/expressjs/body-parser#errors). */
function bodyFault(thrown: unknown): RefusedError | undefined {
  if (thrown instanceof URIError)
    return new RefusedError('bad_path', 400, 'The path is not encoded correctly.')
  const type = (thrown as { type?: unknown } | null)?.type
  switch (type) {
    case 'entity.parse.failed':
      return new RefusedError('not_json', 400, 'The body is not valid JSON.')
    case 'entity.too.large':
      return new RefusedError('too_large', 413, 'The body is larger than this service reads.')
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new RefusedError('unsupported_encoding', 415, 'Send the body as plain UTF-8 JSON.')
    case 'request.aborted':
    case 'request.size.invalid':
      return new RefusedError('incomplete_body', 400, 'The body ended before it was complete.')
    default:
      return undefined
  }
}

/** Only JSON is read; anything else is said so, before the body is looked at. */
export const requireJson: RequestHandler = (request, _response, next) => {
  if (request.is(['application/json', 'application/*+json'])) next()
  else
    next(
      new RefusedError(
        'not_json_content_type',
        415,
        'Send JSON, with the header content-type: application/json.',
      ),
    )
}

/** Any other method on a known path. */
export function allowOnly(...methods: string[]): RequestHandler {
  return (request, response, next) => {
    response.set('allow', methods.join(', '))
    const detail = `${request.method} is not possible here; use ${methods.join(' or ')}.`
    next(new RefusedError('method_not_allowed', 405, detail))
  }
}

export const answerNotFound: RequestHandler = (_request, _response, next) => {
  next(new RefusedError('no_such_page', 404, 'There is nothing at this address.'))
}
