import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { findFreePorts } from '../../../scripts/start/ports.ts'

export interface Program {
  readonly child: ChildProcess
  readonly output: () => string
  /** Exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>
  /** SIGTERM, and SIGKILL after five seconds. */
  stop(): Promise<void>
  kill(): Promise<void>
}

const stopTimeoutMs = 5_000

/** Runs a program with these variables and no others but PATH and HOME. */
export function startProgram(
  command: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Program {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH, HOME, ...variables } })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-20_000)))
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  return {
    child,
    output: () => text,
    ended,
    async stop() {
      const late = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs)
      child.kill('SIGTERM')
      await ended
      clearTimeout(late)
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Waits until `isUp` says so; a program that ends before says why. */
export async function untilUp(
  program: Program,
  isUp: () => Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await isUp().catch(() => false))) {
    if (program.child.exitCode !== null) throw new Error(`the program ended early:\n${program.output()}`)
    if (Date.now() > deadline) throw new Error(`not up after ${timeoutMs} ms:\n${program.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Tests run one after the other; a random start keeps two runs on one machine apart. */
export async function freePort(): Promise<number> {
  const [port = 0] = await findFreePorts(20_000 + Math.floor(Math.random() * 30_000), 1)
  return port
}
