import { Agent, type IncomingMessage, request } from 'node:http'
import { request as requestOverTls, Agent as TlsAgent } from 'node:https'
import { encodeBinary, type HttpEvent } from './cloud-events.ts'

export interface EventAnswer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** Bytes beyond the limit are left out; a text that long has lost its end. */
  readonly text: string
}

/** An idle connection is let go before a server that says nothing of its own patience does it. */
const connections = { keepAlive: true, timeout: 4_000 }
const agent = new Agent(connections)
const tlsAgent = new TlsAgent(connections)

/**
 * Posts an event in binary mode over kept connections and reads the answer; redirects are not followed. Not by fetch,
 * whose streams and signals take three times the processor time, more than all else that happens to an event.
 * @throws Error of the connection, or where the whole answer is not there within `timeoutMs`
 */
export function postEvent(
  url: string,
  event: HttpEvent,
  limits: { readonly timeoutMs: number; readonly maxBytes: number },
): Promise<EventAnswer> {
  const { headers, body } = encodeBinary(event)
  const isTls = url.startsWith('https:')
  return new Promise((resolve, reject) => {
    const outgoing = (isTls ? requestOverTls : request)(url, {
      method: 'POST',
      agent: isTls ? tlsAgent : agent,
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    })
    const late = () => outgoing.destroy(new Error(`no answer within ${limits.timeoutMs} ms`))
    const deadline = setTimeout(late, limits.timeoutMs)
    outgoing.once('close', () => clearTimeout(deadline))
    outgoing.once('error', reject)
    outgoing.once('response', (response) => {
      readText(response, limits.maxBytes).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        reject,
      )
    })
    outgoing.end(body)
  })
}

/** Reads to the end, so that the connection can be used again, and keeps no more than the limit. */
async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let kept = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const rest = chunk.subarray(0, Math.max(0, maxBytes - kept))
    if (rest.length > 0) chunks.push(rest)
    kept += rest.length
  }
  return Buffer.concat(chunks).toString('utf8')
}
