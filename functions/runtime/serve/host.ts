import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import faas from 'faas-js-runtime'
import { eventModeOf } from '../http/cloud-events.ts'
import { eventLimitBytes, type HttpAnswer, problemAnswer } from './handle-event-request.ts'
import { hideEvent } from './hide-event.ts'
import type { Face } from './serve.ts'

export interface HostOptions {
  /** 0 is not possible: the runtime takes it for "absent" and listens on 8080. */
  readonly port: number
  /** Folder with the func.yaml that names the function in the runtime's own metrics. */
  readonly folder: string
  /** The runtime always listens on every interface; with this, connections from elsewhere are dropped. */
  readonly loopbackOnly: boolean
}

/** Runs an event function under faas-js-runtime, with a guard in front of it. */
export async function host(face: Face, { port, folder, loopbackOnly }: HostOptions): Promise<Server> {
  const options = { port, logLevel: 'error', bodyLimit: eventLimitBytes, config: folder }
  // The runtime's types ask for an enum that exists in the types only, and do not know `config`.
  const server = await faas.start(face as never, options as never)
  guard(server, face)
  if (loopbackOnly) dropStrangers(server)
  return server
}

/**
 * The runtime answers some malformed events itself, with 500 and a dump of its validator, copies query parameters
 * over the request context (`?headers=…` would replace the headers), and answers /metrics from a registry that knows
 * nothing of ours. All three end here.
 */
function guard(server: Server, face: Face): void {
  const inner = server.listeners('request') as RequestListener[]
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    request.url = request.url?.split('?', 1)[0] ?? '/'
    if (request.method === 'GET' && request.url === '/metrics') {
      face.metrics().then(
        (answer) => write(response, answer),
        (thrown: unknown) => write(response, problemAnswer(thrown)),
      )
      return
    }
    try {
      eventModeOf(request.headers)
    } catch (thrown) {
      response.setHeader('connection', 'close')
      write(response, problemAnswer(thrown))
      return
    }
    if (request.method === 'POST') hideEvent(request.headers)
    for (const listener of inner) listener(request, response)
  })
}

function write(response: ServerResponse, { statusCode, headers, body }: HttpAnswer): void {
  response.writeHead(statusCode, headers).end(body)
}

function dropStrangers(server: Server): void {
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? ''
    if (address !== '::1' && !address.startsWith('127.') && !address.startsWith('::ffff:127.'))
      socket.destroy()
  })
}
