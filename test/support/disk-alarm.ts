import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readState } from '../../scripts/services/state.ts'

const control = '/usr/lib/rabbitmq/bin/rabbitmqctl'
const run = promisify(execFile)

/** Makes a RabbitMQ of ours believe that its disk is full, or not any more: it takes nothing then. */
export async function setDiskFull(servicesFolder: string, full: boolean): Promise<void> {
  const folder = join(servicesFolder, 'rabbitmq')
  const state = readState(folder)
  if (!state) throw new Error('no RabbitMQ has run here')
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: join(folder, 'home'),
    ERL_EPMD_PORT: String(state.ports['names']),
    RABBITMQ_NODENAME: `soccer-${state.secrets['node']?.slice(0, 8)}@localhost`,
    RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
  }
  await run(control, ['set_disk_free_limit', full ? '10000GB' : '50MB'], { env, timeout: 60_000 })
}
