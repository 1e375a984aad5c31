import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Subscriber {
  readonly url: string
  readonly port: number
  /** In the order of arrival. */
  readonly received: readonly Received[]
  ids(): (string | string[] | undefined)[]
  close(): Promise<void>
}

/** A subscriber that answers as it is told and remembers what it was sent. */
export async function startSubscriber(
  answer: (received: Received, nth: number) => Answer | Promise<Answer> = () => ({ status: 202 }),
  port = 0,
): Promise<Subscriber> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (part: string) => (body += part))
    request.on('end', () => {
      const one = { headers: request.headers, body }
      received.push(one)
      Promise.resolve(answer(one, received.length)).then(
        ({ status, headers = {}, body: text = '' }) => response.writeHead(status, headers).end(text),
        () => response.destroy(),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const taken = (server.address() as AddressInfo).port
  return {
    url: `http://127.0.0.1:${taken}/`,
    port: taken,
    received,
    ids: () => received.map(({ headers }) => headers['ce-id']),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
