import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { ServiceError } from './service-error.ts'

/**
 * Makes sure a program is there: installs Debian packages when we may, else says what to do.
 * @param find the program's path, or undefined where it is missing
 */
export function requireProgram(find: () => string | undefined, packages: readonly string[]): string {
  const found = find()
  if (found !== undefined) return found
  const wanted = packages.join(' ')
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new ServiceError(
      `${wanted} is needed: install it (Debian: apt-get install ${wanted}) and try again.`,
    )
  }
  console.error(`Installing ${wanted} with apt-get, once …`)
  const run = (...args: string[]) =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive' },
    }).status
  run('update', '-qq')
  const status = run('install', '-y', '-qq', '--no-install-recommends', ...packages)
  const installed = find()
  if (status !== 0 || installed === undefined) throw new ServiceError(`apt-get could not install ${wanted}.`)
  return installed
}

/** The path itself where there is such a file. */
export function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined
}

/** As a shell finds it. */
export function findInPath(name: string, environment: Environment): string | undefined {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
