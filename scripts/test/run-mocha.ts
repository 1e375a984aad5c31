import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { startTestServices } from './test-services.ts'

interface MochaRun {
  /** What runs it, such as c8 with its options; mocha itself comes after. */
  readonly through?: readonly string[]
  /** Of the command line: files or what mocha understands. */
  readonly args: readonly string[]
  /** The files when none is named. */
  readonly allTests: string
  readonly environment: Environment
  /** Not mocha's --exit: a timer that a test leaves behind must hang the run, so the run needs a bound of its own. */
  readonly timeoutMs: number
}

/** Runs tests against real servers, which are gone afterwards. @returns the exit code */
export async function runMocha({
  through = [],
  args,
  allTests,
  environment,
  timeoutMs,
}: MochaRun): Promise<number> {
  const interruption = catchSignals()
  const services = await startTestServices(environment)
  try {
    if (interruption.caught()) return 130
    const chosen = args.some((arg) => arg.endsWith('.test.ts'))
    const mocha = ['mocha', '--forbid-only', ...(chosen ? [] : [allTests]), ...args]
    const [program = 'mocha', ...rest] = [...through, ...mocha]
    const env = { ...environment, ...services.variables }
    const child = spawn(program, rest, { stdio: 'inherit', timeout: timeoutMs, env })
    interruption.passOnTo(child)
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code === null)
      console.error(`The tests did not end within ${timeoutMs / 60_000} minutes, or were stopped.`)
    return code ?? 1
  } finally {
    await services.stop()
  }
}

/** The servers do not end with us, so a signal must not end us before they are stopped. */
function catchSignals() {
  let caught = false
  let child: ChildProcess | undefined
  const end = () => {
    caught = true
    child?.kill('SIGTERM')
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  return {
    caught: () => caught,
    passOnTo: (started: ChildProcess) => {
      child = started
    },
  }
}
