import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { findFreePorts } from '../../scripts/start/ports.ts'

const program = fileURLToPath(new URL('../fixtures/mirror-function.ts', import.meta.url))
const startTimeoutMs = 15_000

export interface MirrorFunction {
  readonly url: string
  close(): Promise<void>
}

/** An event function under the real faas-js-runtime, in a process of its own, that says what it saw. */
export async function startMirrorFunction(...types: string[]): Promise<MirrorFunction> {
  const [port = 0] = await findFreePorts(20_000 + Math.floor(Math.random() * 20_000), 1)
  const child = spawn(process.execPath, [program, String(port), ...types], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const early = ended.then(() => Promise.reject(new Error('the mirror function ended before it listened')))
  const listening = once(child.stdout, 'data', { signal: AbortSignal.timeout(startTimeoutMs) })
  early.catch(() => undefined)
  await Promise.race([listening, early])
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
