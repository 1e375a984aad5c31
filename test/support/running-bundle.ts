import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))
const program = join(root, 'scripts/start/main.ts')

export interface Run {
  readonly child: ChildProcess
  readonly output: () => string
  readonly ended: Promise<number | null>
}

export interface Json {
  readonly [name: string]: Json
}

export function run(...args: string[]): Run {
  return runWith({}, ...args)
}

/** With variables beside those of this process. */
export function runWith(variables: Record<string, string>, ...args: string[]): Run {
  return spawnScript(program, args, variables)
}

/** Another of our commands, by its file from the root. */
export function runScript(file: string, ...args: string[]): Run {
  return spawnScript(join(root, file), args, {})
}

function spawnScript(script: string, args: readonly string[], variables: Record<string, string>): Run {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: root,
    env: { ...process.env, ...variables },
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return { child, output: () => text, ended: once(child, 'exit').then(([code]) => code as number | null) }
}

export async function untilReady({ output, ended }: Run): Promise<void> {
  let over = false
  void ended.then(() => (over = true))
  while (!output().includes('Ctrl-C ends it')) {
    if (over) throw new Error(`npm start ended early:\n${output()}`)
    await sleep(50)
  }
}

export async function ask(url: string, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const init = { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text }
  const response = await fetch(`${url}/predict`, init)
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    body: (await response.json()) as Json,
  }
}
