import express, { type Router } from 'express'
import { eventLimitBytes, type HandleEventRequest } from '../../runtime/serve/handle-event-request.ts'

/** POST / takes CloudEvents: triggers deliver refusals here, `func invoke` asks here. */
export function eventRoute(handle: HandleEventRequest): Router {
  const routes = express.Router()
  routes.post('/', express.raw({ type: () => true, limit: eventLimitBytes }), async (request, response) => {
    // The raw parser leaves {} where there was no body at all.
    const body: unknown = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const answer = await handle(request.headers, body)
    response.status(answer.statusCode).set(answer.headers)
    response.end(answer.body)
  })
  return routes
}
