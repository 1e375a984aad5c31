import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserFiles } from '../../functions/scrape/readers/find-browser.ts'
import { startDriver } from '../../functions/scrape/readers/local-browser.ts'

interface GridDouble {
  readonly url: string
  /** Bodies of the requests for a session. */
  readonly asked: readonly string[]
  /** How many sessions the grid says are in use, of one in all. */
  used: number
  close(): Promise<void>
}

/** Answers as Selenoid does where that matters to a client, and leaves the rest to a real driver. */
export async function startGridDouble(files: BrowserFiles): Promise<GridDouble> {
  const driver = await startDriver(files.driver)
  const asked: string[] = []
  const server = createServer((incoming, response) => {
    if (incoming.url === '/status') {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ total: 1, used: double.used, queued: 0, pending: 0, browsers: {} }))
    } else if (incoming.url?.startsWith('/wd/hub/')) forward(incoming, response, driver.url, asked)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const double: GridDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/wd/hub`,
    asked,
    used: 0,
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      })
      await driver.stop()
    },
  }
  return double
}

function forward(
  incoming: IncomingMessage,
  response: ServerResponse,
  driverUrl: string,
  asked: string[],
): void {
  const target = new URL((incoming.url ?? '').slice('/wd/hub'.length), driverUrl)
  const outgoing = request(target, {
    method: incoming.method,
    headers: { ...incoming.headers, host: target.host },
  })
  outgoing.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
  })
  // Selenoid answers for a driver that is gone with an empty 502.
  outgoing.on('error', () => response.writeHead(502).end())
  if (incoming.method === 'POST' && target.pathname === '/session')
    incoming.on('data', (part) => asked.push(String(part)))
  incoming.pipe(outgoing)
}
