import { fileURLToPath } from 'node:url'
import express, { type Express } from 'express'
import type { Context } from '../../runtime/serve/context.ts'
import type { HandleEventRequest } from '../../runtime/serve/handle-event-request.ts'
import type { ReadinessChecks } from '../../runtime/serve/readiness.ts'
import { eventRoute } from './event-route.ts'
import { healthRoutes } from './health-routes.ts'
import { type PredictRouteNeeds, predictRoutes } from './predict-routes.ts'
import { allowOnly, answerNotFound, answerProblems } from './problems.ts'
import { startRequest } from './request-context.ts'

interface Needs extends PredictRouteNeeds {
  readonly context: Context
  readonly checks: ReadinessChecks
  readonly dispensable: ReadinessChecks
  readonly handleEvent: HandleEventRequest
  readonly version: string
}

const webFolder = fileURLToPath(new URL('../web/', import.meta.url))

/** The public face: routes in the order they are tried. */
export function createApp(needs: Needs): Express {
  const { log, metrics, lifecycle } = needs.context
  const app = express()
  app.disable('x-powered-by')
  app.use(startRequest(metrics, lifecycle))
  app.get('/', (_request, response) => {
    response.sendFile('index.html', { root: webFolder })
  })
  app.use('/web', express.static(webFolder, { index: false, maxAge: '5m' }))
  app.use(healthRoutes({ ...needs, lifecycle, metrics }))
  app.use(eventRoute(needs.handleEvent))
  app.all('/', allowOnly('GET', 'POST'))
  app.use(predictRoutes(needs))
  app.use(answerNotFound)
  app.use(answerProblems(log))
  return app
}
