import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Makes sure a program is there: installs Debian packages when we may, else says what to do. */
export function requireProgram(path: string, packages: readonly string[]): void {
  if (existsSync(path)) return
  const wanted = packages.join(' ')
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error(
      `${path} is missing. Install it (Debian: apt-get install ${wanted}) and run the tests again.`,
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
  if (status !== 0 || !existsSync(path)) throw new Error(`apt-get could not install ${wanted}.`)
}
