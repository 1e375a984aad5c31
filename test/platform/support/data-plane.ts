import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import type { Event } from '../../../functions/runtime/broker/publisher.ts'
import { decodeAmqpEvent } from '../../../functions/runtime/broker/rabbit/amqp-event.ts'
import { declareTopology } from '../../../functions/runtime/broker/rabbit/declare-topology.ts'
import type { BrokerIdentity, TriggerIdentity } from '../../../functions/runtime/broker/rabbit/names.ts'
import { triggerDeadLetterQueue, triggerQueue } from '../../../functions/runtime/broker/rabbit/names.ts'
import { describeTopology } from '../../../functions/runtime/broker/rabbit/topology.ts'
import { eventually } from '../../support/eventually.ts'
import { recordLog } from '../../support/recorded-log.ts'
import { platform } from './platform.ts'

/** A trigger of Knative: which events, to which address, with how much patience. */
export interface Subscription {
  readonly name: string
  readonly filter: Readonly<Record<string, string>>
  readonly url: string
  readonly retry?: number
  readonly backoffDelayMs?: number
  readonly timeoutMs?: number
  readonly parallelism?: number
}

/** An ingress, a dispatcher a trigger, and a vhost of their own under them. */
export interface DataPlane {
  readonly ingressUrl: string
  /** What lies in the dead letter queue of a trigger, so far. */
  deadLetters(trigger: string): Promise<Event[]>
  /** Ends the dispatcher of a trigger in peace; gives back how many events are still in the queue. */
  endDispatcher(trigger: string): Promise<number>
  close(): Promise<void>
}

export type OpenDataPlane = (subscriptions: readonly Subscription[]) => Promise<DataPlane>

export const patience = { retry: 2, backoffDelayMs: 50, timeoutMs: 5_000, parallelism: 1 }

/** RabbitMQ with the topology of these triggers. */
export interface RabbitHouse {
  readonly url: string
  readonly broker: BrokerIdentity
  triggerOf(name: string): TriggerIdentity
  deadLetters(trigger: string): Promise<Event[]>
  consumers(trigger: string): Promise<number>
  /** How many events are in the queue of a trigger; asked only once nobody consumes. */
  left(trigger: string): Promise<number>
  close(): Promise<void>
}

/** In a vhost of its own, which is all that has to be removed. */
export async function openRabbitHouse(
  broker: BrokerIdentity,
  subscriptions: readonly Subscription[],
): Promise<RabbitHouse> {
  const vhost = `test-${randomUUID()}`
  const url = `${platform('TEST_RABBITMQ_URL').replace(/\/$/, '')}/${vhost}`
  const managementUrl = platform('TEST_RABBITMQ_MANAGEMENT_URL')
  await manage('PUT', `/api/vhosts/${vhost}`)
  await manage('PUT', `/api/permissions/${vhost}/${new URL(url).username}`, {
    configure: '.*',
    write: '.*',
    read: '.*',
  })
  const triggers = subscriptions.map(({ name, filter }) => ({ name, filter, uid: randomUUID() }))
  const triggerOf = (name: string) => {
    const trigger = triggers.find((one) => one.name === name)
    if (!trigger) throw new Error(`there is no trigger ${name}`)
    return trigger
  }
  await declareTopology({
    url,
    managementUrl,
    topology: describeTopology(broker, triggers),
    log: recordLog(),
  })

  const model = await connect(url)
  const channel = await model.createChannel()
  const letters = new Map<string, Event[]>()
  const ask = (trigger: string) => channel.checkQueue(triggerQueue(broker, triggerOf(trigger)))
  const consumers = async (trigger: string) => (await ask(trigger)).consumerCount
  return {
    url,
    broker,
    triggerOf,
    async deadLetters(trigger) {
      const seen = letters.get(trigger) ?? []
      letters.set(trigger, seen)
      const queue = triggerDeadLetterQueue(broker, triggerOf(trigger))
      for (;;) {
        const message = await channel.get(queue, { noAck: true })
        if (!message) return seen
        seen.push(decodeAmqpEvent(message))
      }
    },
    consumers,
    async left(trigger) {
      await eventually(async () => (await consumers(trigger)) === 0, 20_000)
      return (await ask(trigger)).messageCount
    },
    async close() {
      await model.close()
      await manage('DELETE', `/api/vhosts/${vhost}`)
    },
  }
}

async function manage(method: 'PUT' | 'DELETE', path: string, body?: unknown): Promise<void> {
  const base = new URL(platform('TEST_RABBITMQ_MANAGEMENT_URL'))
  const answer = await fetch(new URL(path, base.origin), {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${base.username}:${base.password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(20_000),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`RabbitMQ answered ${method} ${path} with ${answer.status}: ${text}`)
}

/** An ingress or a dispatcher. */
export interface RunningPart {
  stop(): Promise<void>
  kill(): Promise<void>
}

/** Whoever's programs they are: a broker is an ingress and a dispatcher a trigger. */
export interface BrokerPrograms {
  startIngress(house: RabbitHouse): Promise<RunningPart & { readonly url: string }>
  startDispatcher(subscription: Subscription, house: RabbitHouse, ingressUrl: string): Promise<RunningPart>
}
