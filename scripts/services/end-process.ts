import { setTimeout as sleep } from 'node:timers/promises'
import { isRunning, listDescendants, type ProcessIdentity } from './identify-process.ts'

const descendantsTimeoutMs = 3_000
const killTimeoutMs = 10_000
const pollMs = 20

/** Ends the process and whatever it leaves behind: asked first, killed at the deadline. */
export async function endProcess(
  leader: ProcessIdentity,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<void> {
  await end([leader], signal, timeoutMs)
  await endDescendants(leader)
}

/** What a killed process left behind would hold its ports and its data. */
export async function endDescendants(leader: ProcessIdentity): Promise<void> {
  await end(listDescendants(leader), 'SIGTERM', descendantsTimeoutMs)
}

async function end(
  processes: readonly ProcessIdentity[],
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<void> {
  send(processes, signal)
  if (await haveEnded(processes, timeoutMs)) return
  send(processes, 'SIGKILL')
  if (await haveEnded(processes, killTimeoutMs)) return
  throw new Error(`Process ${processes.map(({ pid }) => pid).join(', ')} cannot be ended.`)
}

function send(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const one of processes.filter(isRunning)) {
    try {
      process.kill(one.pid, signal)
    } catch (thrown) {
      // It may have ended since we looked.
      if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
    }
  }
}

async function haveEnded(processes: readonly ProcessIdentity[], timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs
  while (processes.some(isRunning)) {
    if (Date.now() > deadline) return false
    await sleep(pollMs)
  }
  return true
}
