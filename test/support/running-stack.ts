import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '../../functions/runtime/config/read-config.ts'
import { createLifecycle } from '../../functions/runtime/lifecycle/lifecycle.ts'
import { createLogger } from '../../functions/runtime/logging/logger.ts'
import { startService } from '../../scripts/services/start-service.ts'
import type { Stack, StackServices } from '../../scripts/stack/stack.ts'
import { startStack } from '../../scripts/stack/stack.ts'
import { findFreePorts } from '../../scripts/start/ports.ts'
import { startVariables } from '../../scripts/start/variables.ts'
import { setDiskFull } from './disk-alarm.ts'
import { type FakeClock, makeFakeClock } from './fake-clock.ts'

export interface OpenStack extends Stack {
  readonly url: string
  /** What the processes have logged. */
  readonly log: readonly string[]
  /** Kills a process or a server with -9, leaves it dead for a while, and resolves when it works again. */
  kill(name: string, deadMs: number): Promise<void>
  readonly clock: FakeClock
  /** Whether RabbitMQ has a disk to write to. */
  setDiskFull(full: boolean): Promise<void>
  /** Sends a signal to a process. */
  signal(name: string, signal: NodeJS.Signals): void
  stop(): Promise<void>
}

/** The whole bundle in processes of their own, over servers of their own, in a folder of its own. */
export async function openStack(): Promise<OpenStack> {
  const folder = mkdtempSync(join(tmpdir(), 'soccer-stack-'))
  // PostgreSQL runs as a user of its own when we are root.
  chmodSync(folder, 0o711)
  const { PATH, HOME, LANG } = process.env
  const clock = makeFakeClock(folder)
  const environment = { PATH, HOME, LANG, SCRAPE_READER: 'http', ...clock.variables }
  const quiet = createLogger({ name: 'test', level: 'silent', format: 'json' })
  const lifecycle = createLifecycle({ log: quiet, graceMs: 20_000 })
  const [port = 0] = await findFreePorts(22_000 + Math.floor(Math.random() * 8_000), 1)
  const log: string[] = []
  const stack = await startStack({
    environment,
    config: readConfig(startVariables, environment),
    folder,
    port,
    host: '127.0.0.1',
    log: quiet,
    lifecycle,
    watch: false,
    print: (line) => log.push(line),
  })
  const pids = new Map(Object.values(stack.services).map((service) => [service.name as string, service.pid]))
  const findProcess = (name: string) => stack.processes.find(({ plan }) => plan.name === name)

  async function killServer(name: keyof StackServices, deadMs: number): Promise<void> {
    process.kill(pids.get(name) ?? 0, 'SIGKILL')
    await sleep(deadMs)
    const options = { folder: join(folder, 'services'), environment, tell: () => undefined }
    pids.set(name, (await startService(name, options)).pid)
  }

  return {
    ...stack,
    url: stack.addresses.functions.predict,
    log,
    clock,
    setDiskFull: (full) => setDiskFull(join(folder, 'services'), full),
    signal: (name, signal) => process.kill(findProcess(name)?.pid() ?? 0, signal),
    async kill(name, deadMs) {
      const found = findProcess(name)
      if (!found) return killServer(name as keyof StackServices, deadMs)
      process.kill(found.pid() ?? 0, 'SIGKILL')
      await sleep(deadMs)
      await found.ready()
    },
    async stop() {
      await lifecycle.stop('the test is over')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
