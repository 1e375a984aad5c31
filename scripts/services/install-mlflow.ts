import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { cacheFolder } from './cache-folder.ts'
import { findInPath } from './require-program.ts'
import { ServiceError } from './service-error.ts'

interface Needs {
  readonly environment: Environment
  readonly tell: (line: string) => void
}

const version = '3.17.2'
/** Its database driver must be psycopg 3, which its SQLAlchemy opens postgresql:// with. */
const packages = [`mlflow==${version}`, 'psycopg[binary]', 'boto3']
const installTimeoutMs = 15 * 60_000

/** The path of mlflow, in a virtual environment of its own; installs it where the cache does not hold it. */
export async function requireMlflow({ environment, tell }: Needs): Promise<string> {
  const folder = join(cacheFolder(environment), 'python', `mlflow@${version}`)
  // An environment cannot be moved, so a file says that it is whole.
  const whole = join(folder, 'whole')
  const program = join(folder, 'bin', 'mlflow')
  if (existsSync(whole) && existsSync(program)) return program
  const python = findInPath('python3', environment)
  const uv = findInPath('uv', environment)
  if (uv === undefined && python === undefined) {
    throw new ServiceError('mlflow is needed: put it, or uv or python3 to install it with, into PATH.')
  }
  const startedMs = Date.now()
  tell(`installing ${packages.join(' ')} into ${folder} (a minute, 700 MB, once) …`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  if (uv !== undefined) {
    await run(uv, ['venv', '--quiet', folder], environment)
    await run(
      uv,
      ['pip', 'install', '--quiet', '--python', join(folder, 'bin/python'), ...packages],
      environment,
    )
  } else {
    await run(python ?? 'python3', ['-m', 'venv', folder], environment)
    await run(
      join(folder, 'bin/pip'),
      ['install', '--quiet', '--disable-pip-version-check', ...packages],
      environment,
    )
  }
  writeFileSync(whole, '')
  tell(`installed mlflow ${version} in ${Math.round((Date.now() - startedMs) / 1_000)} s`)
  return program
}

async function run(file: string, args: readonly string[], env: Environment): Promise<void> {
  const child = spawn(file, args, { stdio: ['ignore', 2, 2], env, timeout: installTimeoutMs })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code === 0) return
  throw new ServiceError(
    `mlflow could not be installed: ${file} ${args.slice(0, 2).join(' ')} ended with ${code} (Debian needs python3-venv for it, or uv).`,
  )
}
