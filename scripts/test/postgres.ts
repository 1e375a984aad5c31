import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { requireProgram } from './apt.ts'
import type { TestServer } from './test-server.ts'

const startTimeoutMs = 30_000

/** A real PostgreSQL for one run: from a URL, or one of our own on a socket in a temporary folder. */
export async function startPostgres(environment: Environment): Promise<TestServer> {
  const given = environment['TEST_DATABASE_URL']
  if (given) return { url: given, stop: () => Promise.resolve() }
  const bin = dirname(requireProgram(newestInitdb, ['postgresql']))
  const folder = mkdtempSync(join(tmpdir(), 'soccer-test-pg-'))
  const owner = ownerOf(folder)
  const data = join(folder, 'data')
  const initdb = ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8']
  execFileSync(join(bin, 'initdb'), initdb, { stdio: ['ignore', 'ignore', 'inherit'], ...owner })
  // Only the socket: no port is opened, so nothing of ours can meet a server that was here before.
  const args = ['-D', data, '-k', folder, '-c', 'listen_addresses=', '-c', 'fsync=off']
  const server = spawn(join(bin, 'postgres'), args, { stdio: 'ignore', ...owner })
  const stop = async () => {
    if (server.exitCode === null) {
      server.kill('SIGINT')
      await once(server, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  }
  await waitUntilReady(join(bin, 'pg_isready'), folder, stop)
  return { url: `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`, stop }
}

/** PostgreSQL refuses to run as root; Debian's package makes it a user of its own. */
function ownerOf(folder: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  const owner = { uid: id('-u'), gid: id('-g') }
  chownSync(folder, owner.uid, owner.gid)
  return owner
}

/** The newest of Debian's versions; a removed one leaves its folder behind. */
function newestInitdb(): string | undefined {
  const versions = '/usr/lib/postgresql'
  if (!existsSync(versions)) return undefined
  const newestFirst = readdirSync(versions).toSorted((a, b) => Number(b) - Number(a))
  return newestFirst.map((version) => join(versions, version, 'bin/initdb')).find((path) => existsSync(path))
}

async function waitUntilReady(isReady: string, folder: string, stop: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + startTimeoutMs
  for (;;) {
    try {
      execFileSync(isReady, ['-h', folder, '-q'])
      return
    } catch {
      if (Date.now() < deadline) await sleep(100)
      else {
        await stop()
        throw new Error(`PostgreSQL did not start within ${startTimeoutMs / 1_000} s.`)
      }
    }
  }
}
