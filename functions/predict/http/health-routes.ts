import express, { type Router } from 'express'
import type { Lifecycle } from '../../runtime/lifecycle/lifecycle.ts'
import type { Metrics } from '../../runtime/metrics/metrics.ts'
import { askReadiness, type ReadinessChecks } from '../../runtime/serve/readiness.ts'

interface Needs {
  readonly checks: ReadinessChecks
  readonly dispensable: ReadinessChecks
  readonly lifecycle: Lifecycle
  readonly metrics: Metrics
  readonly version: string
}

/** Liveness knows no dependency: a database that is away must not restart healthy processes. */
export function healthRoutes({ checks, dispensable, lifecycle, metrics, version }: Needs): Router {
  const routes = express.Router()
  routes.get('/health/liveness', (_request, response) => {
    response.json({ status: 'ok' })
  })
  routes.get('/health/readiness', async (_request, response) => {
    const readiness = await askReadiness(checks, dispensable)
    const ready = readiness.ready && !lifecycle.stopping
    response.status(ready ? 200 : 503).json({ ready, stopping: lifecycle.stopping, checks: readiness.checks })
  })
  routes.get('/healthcheck', async (_request, response) => {
    const readiness = await askReadiness(checks, dispensable)
    response.status(readiness.ready ? 200 : 503).json({
      status: readiness.ready ? 'ok' : 'degraded',
      version,
      memory_usage_mb: Math.round(process.memoryUsage.rss() / 1_048_576),
      checks: readiness.checks,
    })
  })
  routes.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.render())
  })
  return routes
}
