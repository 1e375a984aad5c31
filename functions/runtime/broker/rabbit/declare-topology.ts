import type { Channel, ChannelModel } from 'amqplib'
import { asError, ConfigError, type Fault } from '../../errors/errors.ts'
import type { Log } from '../../logging/logger.ts'
import { brokerUnavailable, connectRabbit } from './rabbit-connection.ts'
import type { Topology } from './topology.ts'

interface Options {
  readonly url: string
  /** `http://user:password@host:port` of the management plugin; without it the policies are left out. */
  readonly managementUrl?: string | undefined
  readonly topology: Topology
  readonly log: Log
}

const managementTimeoutMs = 10_000

/**
 * Makes what is not there yet. What is there with other arguments is left alone, all of it named in one ConfigError.
 * @throws ConfigError; NotNowError `broker_unavailable`
 */
export async function declareTopology({ url, managementUrl, topology, log }: Options): Promise<void> {
  let model: ChannelModel | undefined
  const setup = (fresh: ChannelModel) => {
    model = fresh
    return Promise.resolve()
  }
  const connection = await connectRabbit({ url, log, setup })
  try {
    if (!model) throw brokerUnavailable(new Error('not connected'))
    await declareAll(model, topology)
    if (managementUrl !== undefined) await putPolicies(managementUrl, vhostOf(url), topology)
  } finally {
    await connection.close()
  }
}

async function declareAll(model: ChannelModel, { exchanges, queues, bindings }: Topology): Promise<void> {
  const faults: Fault[] = []
  // Each on a channel of its own: RabbitMQ closes the channel on which it refuses something.
  const attempt = async (path: string, declare: (channel: Channel) => Promise<unknown>) => {
    const fault = await declareOne(model, declare)
    if (fault !== undefined) faults.push({ path, message: fault })
  }
  for (const name of exchanges) {
    await attempt(`exchange ${name}`, (channel) => channel.assertExchange(name, 'headers', { durable: true }))
  }
  for (const queue of queues) {
    await attempt(`queue ${queue.name}`, (channel) =>
      channel.assertQueue(queue.name, { durable: true, arguments: queue.arguments }),
    )
  }
  if (faults.length > 0) throw new ConfigError(faults)
  for (const binding of bindings) {
    await attempt(`binding of ${binding.queue}`, (channel) =>
      channel.bindQueue(binding.queue, binding.exchange, '', binding.arguments),
    )
  }
  if (faults.length > 0) throw new ConfigError(faults)
}

/** What is wrong, where RabbitMQ refuses it. */
async function declareOne(
  model: ChannelModel,
  declare: (channel: Channel) => Promise<unknown>,
): Promise<string | undefined> {
  const channel = await model.createChannel()
  channel.on('error', () => undefined)
  try {
    await declare(channel)
    await channel.close()
    return undefined
  } catch (thrown) {
    const { message } = asError(thrown)
    if (/PRECONDITION[-_]FAILED/.test(message)) return explainDifference(message)
    throw brokerUnavailable(thrown)
  }
}

/** RabbitMQ says which argument differs, in quotation marks. */
function explainDifference(message: string): string {
  const said = /inequivalent arg .*$/.exec(message.replaceAll('"', ''))?.[0] ?? message
  return (
    `is there already and is different (${said}). Nothing was changed. ` +
    'Empty it, delete it with rabbitmqadmin or the management page, and start again; or use another vhost.'
  )
}

/** RabbitMQ takes policies over HTTP only. */
async function putPolicies(managementUrl: string, vhost: string, { policies }: Topology): Promise<void> {
  const base = new URL(managementUrl)
  const credentials = [base.username, base.password].map(decodeURIComponent).join(':')
  const authorization = `Basic ${Buffer.from(credentials).toString('base64')}`
  for (const { name, pattern, priority, definition } of policies) {
    const path = `/api/policies/${encodeURIComponent(vhost)}/${encodeURIComponent(name)}`
    const response = await fetch(new URL(path, base.origin), {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ pattern, priority, definition, 'apply-to': 'queues' }),
      signal: AbortSignal.timeout(managementTimeoutMs),
    })
    await response.body?.cancel()
    if (!response.ok) throw brokerUnavailable(new Error(`the policy ${name} was answered ${response.status}`))
  }
}

/** An AMQP URL without a path means the vhost `/`. */
function vhostOf(url: string): string {
  const path = new URL(url).pathname.slice(1)
  return path === '' ? '/' : decodeURIComponent(path)
}
