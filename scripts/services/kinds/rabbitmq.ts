import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'amqplib'
import { ask } from '../ask.ts'
import { existing, requireProgram } from '../require-program.ts'
import type { Address, Keys, Place, Program, Service } from '../service.ts'
import { writePrivate } from '../write-private.ts'

const timeoutMs = 3_000
const user = 'soccer'

/** Debian's command in /usr/sbin would change to a user of its own and to folders of the machine. */
const launcher = '/usr/lib/rabbitmq/bin/rabbitmq-server'

export const rabbitmq: Service = {
  title: 'RabbitMQ',
  variable: 'RABBITMQ_URL',
  needs: [],
  ports: ['amqp', 'management', 'prometheus', 'stream', 'names', 'distribution'],
  secrets: ['password', 'cookie', 'node'],
  startTimeoutMs: 120_000,
  stopSignal: 'SIGTERM',
  // It takes five seconds to end in peace.
  killWhenNotDurable: true,
  addressOf,
  givenUrls(environment): Readonly<Record<string, string>> {
    const management = environment['RABBITMQ_MANAGEMENT_URL']
    return management ? { management } : {}
  },
  prepare: (place) => Promise.resolve(prepare(place)),
  check,
}

function addressOf({ port, secret }: Keys): Address {
  const credentials = `${user}:${secret('password')}`
  return {
    url: `amqp://${credentials}@127.0.0.1:${port('amqp')}`,
    urls: {
      management: `http://${credentials}@127.0.0.1:${port('management')}`,
      prometheus: `http://127.0.0.1:${port('prometheus')}/metrics`,
      stream: `rabbitmq-stream://${credentials}@127.0.0.1:${port('stream')}`,
    },
  }
}

async function check({ url, urls }: Address): Promise<string> {
  const model = await connect(url, { timeout: timeoutMs })
  // A connection that breaks rejects what is under way as well.
  model.on('error', () => undefined)
  const { version } = model.connection.serverProperties
  await model.close()
  if (urls['management'] !== undefined) await ask(new URL('/api/overview', urls['management']).href)
  if (urls['prometheus'] !== undefined) await ask(urls['prometheus'])
  return version
}

function prepare(place: Place): Program {
  requireProgram(() => existing(launcher), ['rabbitmq-server'])
  const file = (name: string) => join(place.folder, name)
  mkdirSync(file('home'), { recursive: true })
  writePrivate(file('home/.erlang.cookie'), place.secret('cookie'))
  writePrivate(file('rabbitmq.conf'), describe(place))
  writePrivate(file('plugins'), '[rabbitmq_management,rabbitmq_prometheus,rabbitmq_stream].\n')
  const variables = {
    HOME: file('home'),
    // The launcher becomes the broker, instead of watching it from another process.
    RUNNING_UNDER_SYSTEMD: 'true',
    ERL_EPMD_PORT: String(place.port('names')),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_DIST_PORT: String(place.port('distribution')),
    RABBITMQ_NODENAME: `soccer-${place.secret('node').slice(0, 8)}@localhost`,
    RABBITMQ_MNESIA_BASE: file('data'),
    RABBITMQ_LOG_BASE: file('logs'),
    RABBITMQ_ENABLED_PLUGINS_FILE: file('plugins'),
    RABBITMQ_CONFIG_FILE: file('rabbitmq.conf'),
    // Nothing of what the machine's own broker is told.
    RABBITMQ_CONFIG_FILES: file('conf.d'),
    RABBITMQ_ADVANCED_CONFIG_FILE: file('advanced.config'),
    RABBITMQ_CONF_ENV_FILE: file('rabbitmq-env.conf'),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
  }
  // Erlang would start epmd as a daemon in a session of its own, which would outlive the broker.
  const script = `epmd -port ${place.port('names')} -address 127.0.0.1 & exec ${launcher}`
  return { file: '/bin/sh', args: ['-c', script], variables }
}

function describe(place: Place): string {
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${place.port('amqp')}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${place.port('management')}`,
    'prometheus.tcp.ip = 127.0.0.1',
    `prometheus.tcp.port = ${place.port('prometheus')}`,
    `stream.listeners.tcp.1 = 127.0.0.1:${place.port('stream')}`,
    `default_user = ${user}`,
    `default_pass = ${place.secret('password')}`,
    'vm_memory_high_watermark.absolute = 512MB',
    'disk_free_limit.absolute = 50MB',
    'log.file = false',
    'log.console = true',
  ]
  return `${lines.join('\n')}\n`
}
