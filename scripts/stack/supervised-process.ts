import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { type RunningProgram, runProgram } from './run-program.ts'

export interface ProcessPlan {
  readonly name: string
  /** From the root of the repository. */
  readonly file: string
  readonly environment: Environment
  /** Whether it can do its work, by what it has said since it started or by asking it. */
  readonly isReady: (lines: readonly string[]) => Promise<boolean>
}

/** A program that is started again when it ends by itself. */
export interface SupervisedProcess {
  readonly plan: ProcessPlan
  pid(): number | undefined
  /** Resolves when it can do its work; throws, with its last words, when it cannot within a minute. */
  ready(): Promise<void>
  /** Ends it and starts it again. */
  restart(): Promise<void>
  /** Ends it for good. */
  stop(): Promise<void>
}

interface Needs {
  readonly onLine: (line: string) => void
  /** How long it may take to end after SIGTERM. */
  readonly graceMs: number
}

const readyTimeoutMs = 60_000
const steadyAfterMs = 30_000
const firstPauseMs = 200
const longestPauseMs = 5_000
const linesKept = 50

export function superviseProcess(plan: ProcessPlan, { onLine, graceMs }: Needs): SupervisedProcess {
  const said: string[] = []
  let running = start()

  function start() {
    const stopping = new AbortController()
    const hear = (line: string) => {
      said.push(line)
      if (said.length > linesKept) said.shift()
      onLine(line)
    }
    const run = { program: undefined as RunningProgram | undefined, stopping, over: Promise.resolve() }
    run.over = keepRunning(plan, stopping.signal, hear, (program) => {
      said.length = 0
      run.program = program
    })
    return run
  }

  async function stop(): Promise<void> {
    running.stopping.abort()
    await running.program?.end(graceMs)
    await running.over
  }

  return {
    plan,
    pid: () => running.program?.pid,
    async ready() {
      const deadline = Date.now() + readyTimeoutMs
      while (!(await plan.isReady(said))) {
        if (Date.now() > deadline) throw new Error(lastWords(plan.name, said))
        await sleep(50)
      }
    },
    async restart() {
      await stop()
      running = start()
    },
    stop,
  }
}

async function keepRunning(
  { file, environment }: ProcessPlan,
  stopping: AbortSignal,
  hear: (line: string) => void,
  onStart: (program: RunningProgram) => void,
): Promise<void> {
  let pauseMs = firstPauseMs
  while (!stopping.aborted) {
    const startedMs = Date.now()
    const program = runProgram(file, environment, hear)
    onStart(program)
    const how = await program.ended
    if (stopping.aborted) return
    if (Date.now() - startedMs > steadyAfterMs) pauseMs = firstPauseMs
    hear(`ended with ${how}, starts again in ${pauseMs} ms`)
    await sleep(pauseMs, undefined, { signal: stopping }).catch(() => undefined)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}

function lastWords(name: string, said: readonly string[]): string {
  return [`${name} is not ready after ${readyTimeoutMs / 1_000} s. It said:`, ...said.slice(-10)].join('\n')
}
