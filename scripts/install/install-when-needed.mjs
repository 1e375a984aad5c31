// @ts-check
// Runs before npm start and npm test, on whatever Node the host has and with nothing installed: plain JavaScript,
// no imports but Node's own. Installs the locked dependencies when they are absent or older than the lock file.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
// npm writes this file at the end of an installation, so an interrupted one does not count.
const installed = `${root}node_modules/.package-lock.json`
const lock = `${root}package-lock.json`

if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs) {
  console.error('Installing dependencies, once; this takes about a minute …')
  // Not npm ci: it refuses a lock that does not name the optional packages of every other platform, and a registry
  // mirror without those cannot make one that does. With --no-save the lock is obeyed and left alone.
  const { status, error } = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund'], {
    cwd: root,
    // stdout belongs to the command that asked for it.
    stdio: ['ignore', process.stderr.fd, 'inherit'],
    shell: process.platform === 'win32',
  })
  if (error || status !== 0) {
    console.error(`npm install did not succeed${error ? `: ${error.message}` : ` (exit code ${status})`}.`)
    process.exit(1)
  }
}
