import { type Channel, type ChannelModel, connect } from 'amqplib'
import { asError, ConfigError, NotNowError } from '../../errors/errors.ts'
import { withDeadline } from '../../lifecycle/deadline.ts'
import type { Log } from '../../logging/logger.ts'

/** A connection that comes back by itself for as long as it is not closed. */
export interface RabbitConnection {
  /** Every call gets the same promise. */
  close(): Promise<void>
}

interface Options {
  /** `amqp://user:password@host:port/vhost`. */
  readonly url: string
  readonly log: Log
  /** Opens the channels of a fresh connection; called again after each loss. */
  readonly setup: (model: ChannelModel) => Promise<void>
}

/** About 5 s for the first connection; afterwards without end, because the process has other work to do. */
const recovery = { initialDelay: 200, maxDelay: 2_000, initialMaxRetries: 5 }
const closeTimeoutMs = 5_000
const heartbeatS = 10
/** Quorum queues came with 3.8, streams with 3.9. */
const oldestVersion = { major: 3, minor: 9 }

/** @throws ConfigError on wrong credentials, vhost or version; NotNowError `broker_unavailable` */
export async function connectRabbit({ url, log, setup }: Options): Promise<RabbitConnection> {
  let refused: ConfigError | undefined
  let wasConnected = false
  const socket = { timeout: 5_000, noDelay: true, keepAlive: true }
  const connection = await connect(withHeartbeat(url), {
    ...socket,
    recovery: {
      ...recovery,
      waitForConnect: false,
      setup: async (model: ChannelModel) => {
        // Told by 'close', too; without a listener it would end the process.
        model.on('error', (error) => log.debug({ err: error }, 'the connection to RabbitMQ broke'))
        assertVersion(model.connection.serverProperties.version)
        await setup(model)
      },
    },
  })
  connection.on('error', () => undefined)
  connection.on('disconnect', (error) => log.warn({ reason: error.message }, 'RabbitMQ is away'))
  connection.on('connect', () => {
    wasConnected = true
    log.info('connected to RabbitMQ')
  })
  connection.on('connect-failed', (error) => {
    log.debug({ reason: error.message }, 'RabbitMQ does not answer')
    if (wasConnected) return
    refused = refusalOf(error)
    // Waiting longer mends no password. A server that knew us, though, may be coming up again.
    if (refused) void connection.close()
  })
  let closed: Promise<void> | undefined
  const close = () => {
    const late = () => new Error('RabbitMQ did not say goodbye in time')
    return (closed ??= withDeadline(connection.close(), closeTimeoutMs, late).catch(() => undefined))
  }
  try {
    await connection.waitForConnect()
  } catch (thrown) {
    await close()
    throw refused ?? brokerUnavailable(thrown)
  }
  return { close }
}

/** A channel that ends by itself leaves its connection useless: it is made anew, channels and all. */
export function renewWith(channel: Channel, model: ChannelModel, log: Log): void {
  channel.on('error', (error) => log.warn({ reason: error.message }, 'RabbitMQ closed a channel'))
  channel.on('close', () => {
    model.close().catch(() => undefined)
  })
}

export function brokerUnavailable(thrown: unknown): NotNowError {
  const cause = asError(thrown)
  return new NotNowError('broker_unavailable', 'The event broker does not take events right now.', { cause })
}

function withHeartbeat(url: string): string {
  const target = new URL(url)
  if (!target.searchParams.has('heartbeat')) target.searchParams.set('heartbeat', String(heartbeatS))
  return target.href
}

function refusalOf(error: Error): ConfigError | undefined {
  if (error instanceof ConfigError) return error
  const { message } = error
  if (/ACCESS[-_]REFUSED/.test(message))
    return unusable('RabbitMQ refuses the user name or the password (or the user may not use the vhost)')
  if (/NOT[-_]ALLOWED/.test(message))
    return unusable('RabbitMQ has no such vhost, or it is closed to this user')
  return undefined
}

function assertVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const { major: oldest, minor: least } = oldestVersion
  if (major > oldest || (major === oldest && minor >= least)) return
  throw unusable(`RabbitMQ ${version} is too old: ${oldest}.${least} or later is needed`)
}

const unusable = (message: string) => new ConfigError([{ path: 'RABBITMQ_URL', message }])
