import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface RecordingFunction {
  readonly url: string
  /** Headers of every event it was asked, in order. */
  readonly asked: Readonly<Record<string, string | string[] | undefined>>[]
  close(): void
}

/** A function that answers every event with a status and no reply. */
export async function startRecordingFunction(
  statusFor: (id: string) => number = () => 204,
): Promise<RecordingFunction> {
  const asked: RecordingFunction['asked'] = []
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      asked.push(request.headers)
      response.writeHead(statusFor(String(request.headers['ce-id']))).end()
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
