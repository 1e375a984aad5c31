import type { Context } from './context.ts'
import type { EventHandler } from './event-handler.ts'
import {
  createEventRequestHandler,
  type HandleEventRequest,
  type HttpAnswer,
} from './handle-event-request.ts'
import { revealHeaders } from './hide-event.ts'
import { askReadiness, type ReadinessChecks } from './readiness.ts'

/** An event function, opened: what it handles and what it depends on. */
export interface OpenedFunction {
  readonly handlers: readonly EventHandler[]
  readonly checks: ReadinessChecks
}

export type OpenFunction = (context: Context) => Promise<OpenedFunction>

interface RuntimeContext {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body?: unknown
  readonly method: string
}

interface RuntimeReply {
  code(status: number): RuntimeReply
}

/** What faas-js-runtime loads. */
export interface Face {
  readonly init: () => Promise<void>
  readonly handle: (context: RuntimeContext) => Promise<HttpAnswer | string>
  readonly liveness: () => Promise<object>
  readonly readiness: (request: unknown, reply: RuntimeReply) => Promise<object>
  readonly shutdown: () => Promise<void>
  /** No origin at all: an event function is nobody's web API, and the runtime's default is `*`. */
  readonly cors: () => string[]
  /** Not for the runtime, which keeps a registry of its own: `host` answers /metrics with it. */
  readonly metrics: () => Promise<HttpAnswer>
}

/**
 * Turns a function into what faas-js-runtime loads and covers that runtime's traps: it exits as soon as `shutdown`
 * returns (so that one drains), it takes an error's `code` for an HTTP status (so none is thrown across), and it
 * hands over malformed CloudEvents as plain requests (so each is decoded again here).
 */
export function serve(name: string, openContext: () => Promise<Context>, open: OpenFunction): Face {
  let opened:
    | (OpenedFunction & Pick<Context, 'lifecycle' | 'metrics'> & { handle: HandleEventRequest })
    | undefined

  return {
    async init() {
      const context = await openContext()
      const parts = await open(context)
      const { log, metrics, lifecycle } = context
      const handle = createEventRequestHandler({ ...parts, log, metrics, lifecycle, functionName: name })
      opened = { ...parts, handle, lifecycle, metrics }
    },
    async handle({ headers, body, method }) {
      if (!opened) throw new Error(`${name} was asked before init`)
      if (method === 'GET') return `${name}: POST a CloudEvent to this address.\n`
      return opened.handle(revealHeaders(headers), body)
    },
    liveness: () => Promise.resolve({ status: 'ok' }),
    async readiness(_request, reply) {
      const stopping = opened?.lifecycle.stopping !== false
      const readiness = await askReadiness(opened?.checks ?? {})
      const ready = readiness.ready && !stopping
      reply.code(ready ? 200 : 503)
      return { ready, ...(stopping ? { stopping } : {}), checks: readiness.checks }
    },
    async shutdown() {
      await opened?.lifecycle.stop('shutdown')
    },
    cors: () => [],
    metrics: async () => ({
      statusCode: 200,
      headers: { 'content-type': opened?.metrics.contentType ?? 'text/plain' },
      body: (await opened?.metrics.render()) ?? '',
    }),
  }
}
