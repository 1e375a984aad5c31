import { Agent, request } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { asError } from '../../functions/runtime/errors/errors.ts'
import type { Measurement } from './measurement.ts'
import { latencyOf } from './percentiles.ts'

interface OpenLoop {
  readonly ratePerS: number
  readonly seconds: number
  /** Asks the n-th question; resolves to the status, or to a word for what happened instead. Never rejects. */
  readonly ask: (n: number) => Promise<string>
  readonly now?: () => number
  readonly sleep?: (ms: number) => Promise<unknown>
}

export interface OpenLoopMeasurement extends Measurement {
  /** How long after its time the latest request was sent: our own stalls, which no fault of the service explains. */
  readonly latestSendMs: number
}

/**
 * Requests at a constant rate, whatever the answers do. A latency counts from the moment a request was due, not from
 * when it was sent: whoever is held up by a stall, here or there, is charged for it. Timers keep whole
 * milliseconds, so a latency may read up to one too high.
 */
export async function runOpenLoop(loop: OpenLoop): Promise<OpenLoopMeasurement> {
  const { ratePerS, seconds, ask, now = () => performance.now(), sleep = sleepAtLeast } = loop
  const latenciesMs: number[] = []
  const failures: Record<string, number> = {}
  const underWay: Promise<void>[] = []
  let latestSendMs = 0
  const startedMs = now()
  for (let n = 0; n < ratePerS * seconds; n += 1) {
    const dueMs = startedMs + (n * 1_000) / ratePerS
    while (dueMs > now()) await sleep(dueMs - now())
    latestSendMs = Math.max(latestSendMs, now() - dueMs)
    const settle = (outcome: string) => {
      latenciesMs.push(now() - dueMs)
      if (outcome !== '200') failures[outcome] = (failures[outcome] ?? 0) + 1
    }
    underWay.push(ask(n).then(settle))
  }
  await Promise.all(underWay)
  const requests = latenciesMs.length
  const requestsPerS = requests / ((now() - startedMs) / 1_000)
  return { requests, requestsPerS, latencyMs: latencyOf(latenciesMs), failures, latestSendMs }
}

/** Node cuts a fraction of a millisecond off: a request would leave, and seem to be answered, before it was due. */
const sleepAtLeast = (ms: number) => wait(Math.ceil(ms))

const answerTimeoutMs = 15_000
/** More than enough for the rates here; a service that stalls for longer makes requests queue, which is charged. */
const maxSockets = 256

export interface Asker {
  ask(body: string): Promise<string>
  close(): void
}

/** Asks POST /predict over connections that are kept. */
export function createAsker(url: string): Asker {
  const agent = new Agent({ keepAlive: true, maxSockets })
  const address = new URL('/predict', url)
  const post = (body: string) =>
    new Promise<string>((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
      const signal = AbortSignal.timeout(answerTimeoutMs)
      const outgoing = request(address, { method: 'POST', agent, headers, signal }, (response) => {
        response.once('end', () => resolve(String(response.statusCode)))
        response.once('error', reject)
        response.resume()
      })
      outgoing.once('error', reject)
      outgoing.end(body)
    })
  return {
    ask: (body) => post(body).catch((thrown: unknown) => nameOf(asError(thrown))),
    close: () => agent.destroy(),
  }
}

function nameOf(error: NodeJS.ErrnoException): string {
  return error.name === 'AbortError' ? 'no answer' : (error.code ?? error.name)
}
