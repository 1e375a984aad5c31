import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { findFreePorts } from '../start/ports.ts'
import { type ProcessFigures, readProcesses } from './processes.ts'

/** The service that is measured. */
export interface Target {
  readonly url: string
  /** What its processes take now; empty where they are not ours to look at. */
  readonly processes: () => ProcessFigures[]
  stop(): Promise<void>
}

const scripts = { memory: 'scripts/start/main.ts', stack: 'scripts/stack/main.ts' } as const
const root = fileURLToPath(new URL('../../', import.meta.url))
const firstPort = 28_080
const startTimeoutMs = 300_000
const stopTimeoutMs = 60_000

export function useRunning(url: string): Target {
  return { url, processes: () => [], stop: () => Promise.resolve() }
}

/**
 * Starts the bundle in a new folder on a free port; the signal ends one that is still starting.
 * @throws Error with the end of its log where it does not start
 */
export async function startTarget(
  over: keyof typeof scripts,
  folder: string,
  signal: AbortSignal,
): Promise<Target> {
  const [port = firstPort] = await findFreePorts(firstPort, 1)
  mkdirSync(folder, { recursive: true })
  // A file, not a pipe: what is logged under load must not wake the process that measures.
  const logFile = join(folder, 'bench.log')
  const log = openSync(logFile, 'w')
  const args = [join(root, scripts[over]), '--port', String(port), '--data', join(folder, 'data')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', log, log], cwd: root })
  closeSync(log)
  const ended = once(child, 'exit')
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  const stop = async () => {
    if (isOver()) return
    child.kill('SIGTERM')
    const impatience = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
    await ended
    clearTimeout(impatience)
  }
  const deadline = Date.now() + startTimeoutMs
  while (!readFileSync(logFile, 'utf8').includes('Ctrl-C ends it')) {
    if (isOver() || signal.aborted || Date.now() > deadline) {
      await stop()
      throw new Error(`${scripts[over]} did not start:\n${readFileSync(logFile, 'utf8').slice(-4_000)}`)
    }
    await sleep(200)
  }
  return { url: `http://127.0.0.1:${port}`, processes: () => readProcesses(child.pid ?? 0), stop }
}
