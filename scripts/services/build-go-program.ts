import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { cacheFolder } from './cache-folder.ts'
import { downloadGoModule } from './download-go-module.ts'
import { ServiceError } from './service-error.ts'

export interface GoProgram {
  readonly name: string
  readonly module: string
  readonly version: string
  /** Of its main package, from the root of the module. */
  readonly path: string
  /** Values of variables of the program, such as its version. */
  readonly linked?: Readonly<Record<string, string>>
  /** What go needs to be told beside. */
  readonly variables?: Readonly<Record<string, string>>
}

interface Needs {
  readonly environment: Environment
  readonly tell: (line: string) => void
}

const buildTimeoutMs = 20 * 60_000
const progressMs = 20_000

/** The path of the program; builds it where the cache does not hold it. */
export async function requireGoProgram(wanted: GoProgram, needs: Needs): Promise<string> {
  const { name, module, version } = wanted
  const folder = `${module.replaceAll('/', '_')}@${version}`
  const program = join(cacheFolder(needs.environment), 'bin', folder, name)
  if (existsSync(program)) return program
  const startedMs = Date.now()
  const seconds = () => Math.round((Date.now() - startedMs) / 1_000)
  needs.tell(`building ${name} of ${module}@${version} with go (minutes, once) …`)
  const progress = setInterval(() => needs.tell(`still building ${name}, ${seconds()} s`), progressMs)
  try {
    await build(wanted, program, { ...needs.environment, ...wanted.variables })
  } finally {
    clearInterval(progress)
  }
  needs.tell(`built ${name} in ${seconds()} s: ${program}`)
  return program
}

/** With the module's own go.mod and go.sum. Beside its place and renamed: what is cut off leaves nothing that looks whole. */
async function build(wanted: GoProgram, program: string, env: Environment): Promise<void> {
  const source = await downloadGoModule(`${wanted.module}@${wanted.version}`, env)
  mkdirSync(dirname(program), { recursive: true })
  const unfinished = `${program}.${process.pid}.tmp`
  const linked = Object.entries(wanted.linked ?? {}).map(([name, value]) => ` -X ${name}=${value}`)
  const flags = ['-mod=readonly', `-ldflags=-s -w${linked.join('')}`]
  const args = ['-C', source, 'build', ...flags, '-o', unfinished, wanted.path]
  const child = spawn('go', args, { stdio: ['ignore', 2, 2], env, timeout: buildTimeoutMs })
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code !== 0) throw new ServiceError(`${wanted.name} could not be built (go ended with ${code}).`)
    renameSync(unfinished, program)
  } finally {
    rmSync(unfinished, { force: true })
  }
}
