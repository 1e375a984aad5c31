import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/**
 * Makes sure a program is there: installs Debian packages when we may, else says what to do.
 * @param find the program's path, or undefined where it is missing
 */
export function requireProgram(find: () => string | undefined, packages: readonly string[]): string {
  const found = find()
  if (found !== undefined) return found
  const wanted = packages.join(' ')
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `The tests need ${wanted}: install it (Debian: apt-get install ${wanted}) and run them again.`,
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
  if (status !== 0 || installed === undefined) throw new Error(`apt-get could not install ${wanted}.`)
  return installed
}

/** The path itself where there is such a file. */
export function existing(path: string): string | undefined {
  return existsSync(path) ? path : undefined
}
