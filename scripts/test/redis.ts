import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { findFreePorts } from '../start/ports.ts'
import { existing, requireProgram } from './apt.ts'
import type { TestServer } from './test-server.ts'

const startTimeoutMs = 15_000
const firstPort = 36_379

/** A real Redis for one run: from a URL, or one of our own on a free port of this machine. */
export async function startRedis(environment: Environment): Promise<TestServer> {
  const given = environment['TEST_REDIS_URL']
  if (given) return { url: given, stop: () => Promise.resolve() }
  const program = requireProgram(() => existing('/usr/bin/redis-server'), ['redis-server'])
  const folder = mkdtempSync(join(tmpdir(), 'soccer-test-redis-'))
  const [port = firstPort] = await findFreePorts(firstPort, 1)
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', folder]
  const server = spawn(program, args, { stdio: 'ignore' })
  const stop = async () => {
    if (server.exitCode === null) {
      server.kill('SIGTERM')
      await once(server, 'exit')
    }
    rmSync(folder, { recursive: true, force: true })
  }
  const deadline = Date.now() + startTimeoutMs
  while (!(await accepts(port))) {
    if (Date.now() > deadline) {
      await stop()
      throw new Error(`Redis did not start within ${startTimeoutMs / 1_000} s.`)
    }
    await sleep(50)
  }
  return { url: `redis://127.0.0.1:${port}`, stop }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    const end = (answer: boolean) => () => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', end(true))
    socket.once('error', end(false))
  })
}
