import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { identifyProcess, isRunning, processIdentity } from '../services/identify-process.ts'
import { type RunningService, stackServices } from '../services/service.ts'
import { startService } from '../services/start-service.ts'
import { stopService } from '../services/stop-service.ts'

export interface TestServices {
  /** What the tests read. */
  readonly variables: Readonly<Record<string, string>>
  stop(): Promise<void>
}

const prefix = 'soccer-test-services-'

/** Real servers for one run, in a folder that goes with it, unless the environment names others for tests. */
export async function startTestServices(environment: Environment): Promise<TestServices> {
  await removeLeftOver()
  const folder = mkdtempSync(join(tmpdir(), prefix))
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(identifyProcess(process.pid)))
  const stop = () => remove(folder)
  const options = { folder, environment: forTests(environment), tell: console.error, durable: false }
  // All have settled before any is stopped.
  const results = await Promise.allSettled(stackServices.map((name) => startService(name, options)))
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  const running = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  return { variables: describe(running), stop }
}

/** The tests drop tables and delete keys, so they keep away from what the person's own variables name. */
function forTests(environment: Environment): Environment {
  return {
    ...environment,
    DATABASE_URL: environment['TEST_DATABASE_URL'],
    REDIS_URL: environment['TEST_REDIS_URL'],
    RABBITMQ_URL: environment['TEST_RABBITMQ_URL'],
    RABBITMQ_MANAGEMENT_URL: environment['TEST_RABBITMQ_MANAGEMENT_URL'],
  }
}

function describe(running: readonly RunningService[]): Record<string, string> {
  const names = { postgres: 'TEST_DATABASE_URL', redis: 'TEST_REDIS_URL', rabbitmq: 'TEST_RABBITMQ_URL' }
  const variables: Record<string, string> = {}
  for (const { name, url, urls } of running) {
    if (name in names) variables[names[name as keyof typeof names]] = url
    if (urls['management'] !== undefined) variables['TEST_RABBITMQ_MANAGEMENT_URL'] = urls['management']
  }
  return variables
}

async function remove(folder: string): Promise<void> {
  await Promise.all(stackServices.map((name) => stopService(name, folder)))
  rmSync(folder, { recursive: true, force: true })
}

/** Servers outlive the run that started them, so those of a run that was killed are ended by the next one. */
async function removeLeftOver(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    const file = join(folder, 'owner.json')
    // Without it, a run is making the folder right now.
    if (!existsSync(file)) continue
    const owner = processIdentity.safeParse(JSON.parse(readFileSync(file, 'utf8') || 'null'))
    if (owner.success && !isRunning(owner.data)) await remove(folder)
  }
}
