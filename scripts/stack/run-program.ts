import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Environment } from '../../functions/runtime/config/read-config.ts'

/** One process that runs one of our files. */
export interface RunningProgram {
  readonly pid: number | undefined
  /** How it ended: `code 1`, `SIGKILL`. */
  readonly ended: Promise<string>
  /** SIGTERM, and SIGKILL when it has not ended by then; resolves when it has. */
  end(graceMs: number): Promise<void>
}

const root = fileURLToPath(new URL('../../', import.meta.url))
/** V8's young generation grows to what a large server may have; eight such processes share a small machine here. */
const smallHeap = ['--max-semi-space-size=8']
const endWithParent = new URL('./end-with-parent.mjs', import.meta.url).href

/** @param file from the root of the repository */
export function runProgram(
  file: string,
  environment: Environment,
  onLine: (line: string) => void,
): RunningProgram {
  const child = spawn(process.execPath, [...smallHeap, '--import', endWithParent, file], {
    cwd: root,
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Its own group: Ctrl-C reaches the stack alone, which then ends its programs in order.
    detached: true,
  })
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface({ input: stream }).on('line', onLine)
  }
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>
  const ended = exit.then(([code, signal]) => signal ?? `code ${code}`)
  return {
    pid: child.pid,
    ended,
    async end(graceMs) {
      child.kill('SIGTERM')
      const insist = setTimeout(() => child.kill('SIGKILL'), graceMs)
      await ended
      clearTimeout(insist)
    },
  }
}
