import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { brokerExchange } from '../../functions/runtime/broker/rabbit/names.ts'
import { openRabbitPublisher } from '../../functions/runtime/broker/rabbit/rabbit-publisher.ts'
import { readConfig } from '../../functions/runtime/config/read-config.ts'
import { port } from '../../functions/runtime/config/variables.ts'
import { RefusedError } from '../../functions/runtime/errors/errors.ts'
import { decodeHttpEvent } from '../../functions/runtime/http/cloud-events.ts'
import { listen } from '../../functions/runtime/http/listen.ts'
import { eventLimitBytes, problemAnswer } from '../../functions/runtime/serve/handle-event-request.ts'
import { localBroker } from './local-broker.ts'
import { type PartContext, partVariables, startPart } from './part.ts'

const variables = z.object({ ...partVariables, PORT: port.min(1) })

/** Takes events over HTTP and answers 202 once RabbitMQ has them: what Knative's broker ingress does in the cluster. */
async function start(config: z.infer<typeof variables>, { log, lifecycle }: PartContext): Promise<void> {
  const exchange = brokerExchange(localBroker)
  const publisher = await openRabbitPublisher({ url: config.RABBITMQ_URL, exchange, log })
  lifecycle.onStop('RabbitMQ', () => publisher.close())

  async function take(request: IncomingMessage): Promise<void> {
    const event = decodeHttpEvent(request.headers, await readBody(request))
    if (!event)
      throw new RefusedError('no_event', 400, 'The broker takes CloudEvents over HTTP and found none.')
    await publisher.publish(event)
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (request.url === '/health/readiness') await publisher.ping()
      else {
        assertRoute(request)
        await lifecycle.track(() => take(request))
      }
      response.writeHead(request.method === 'GET' ? 200 : 202).end()
    } catch (thrown) {
      const { statusCode, headers, body } = problemAnswer(thrown)
      // What is left of a body that was not read would be taken for the next request.
      response.writeHead(statusCode, { ...headers, connection: 'close' }).end(body)
    }
  }

  const listening = await listen((request, response) => void answer(request, response), {
    port: config.PORT,
    host: '127.0.0.1',
  })
  lifecycle.onDrain(() => listening.stopTaking())
  lifecycle.onStop('ingress', () => listening.close())
}

function assertRoute({ method, url }: IncomingMessage): void {
  if (url !== '/') throw new RefusedError('not_found', 404, 'The broker has one address: POST /.')
  if (method !== 'POST') throw new RefusedError('method_not_allowed', 405, 'Only POST is understood here.')
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > eventLimitBytes)
      throw new RefusedError('event_too_large', 413, `An event may have ${eventLimitBytes} bytes at most.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

await startPart('ingress', (environment) => readConfig(variables, environment), start)
