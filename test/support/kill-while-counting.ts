import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** Runs a fixture that counts on its output, kills it with SIGKILL at `killAt`; gives back the last number it said. */
export async function killWhileCounting(fixture: string, argument: string, killAt: number): Promise<number> {
  const program = fileURLToPath(new URL(`../fixtures/${fixture}`, import.meta.url))
  const child = spawn(process.execPath, [program, argument], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  let output = ''
  let last = -1
  for await (const chunk of child.stdout) {
    output += String(chunk)
    const lines = output.split('\n')
    output = lines.pop() ?? ''
    last = Number(lines.at(-1) ?? last)
    if (last >= killAt) child.kill('SIGKILL')
  }
  await exited
  return last
}
