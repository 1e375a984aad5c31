import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import type { Event, Publish, Trigger } from '../../functions/runtime/broker/publisher.ts'
import { decodeAmqpEvent } from '../../functions/runtime/broker/rabbit/amqp-event.ts'
import { declareTopology } from '../../functions/runtime/broker/rabbit/declare-topology.ts'
import {
  type BrokerIdentity,
  brokerExchange,
  type TriggerIdentity,
  triggerDeadLetterExchange,
  triggerDeadLetterQueue,
  triggerQueue,
} from '../../functions/runtime/broker/rabbit/names.ts'
import { openRabbitDispatcher } from '../../functions/runtime/broker/rabbit/rabbit-dispatcher.ts'
import { openRabbitPublisher } from '../../functions/runtime/broker/rabbit/rabbit-publisher.ts'
import { describeTopology, type Topology } from '../../functions/runtime/broker/rabbit/topology.ts'
import { recordLog } from './recorded-log.ts'

/** The real server that npm test starts; a run without one fails, it does not pass over what it should prove. */
export function rabbitUrl(): string {
  const url = process.env['TEST_RABBITMQ_URL']
  if (url) return url
  throw new Error('These tests need a RabbitMQ: npm test starts one, or set TEST_RABBITMQ_URL.')
}

export interface TestBroker {
  readonly identity: BrokerIdentity
  readonly triggers: readonly TriggerIdentity[]
  readonly topology: Topology
}

/** A broker of its own, which no other test knows. */
export async function declareTestBroker(
  triggers: readonly Pick<Trigger, 'name' | 'filter'>[],
): Promise<TestBroker> {
  const identity = { namespace: 'test', name: 'default', uid: randomUUID() }
  // The journal's name has no uid in it.
  const own = { ...identity, name: identity.uid.slice(0, 8) }
  const known = triggers.map(({ name, filter }) => ({ name, filter, uid: randomUUID() }))
  const topology = describeTopology(own, known)
  await declareTopology({ url: rabbitUrl(), topology, log: recordLog() })
  return { identity: own, triggers: known, topology }
}

export async function deleteTestBroker({ topology }: TestBroker): Promise<void> {
  const connection = await connect(rabbitUrl())
  const channel = await connection.createChannel()
  for (const { name } of topology.queues) await channel.deleteQueue(name)
  for (const exchange of topology.exchanges) await channel.deleteExchange(exchange)
  await connection.close()
}

/** Takes what lies in a queue, oldest first. */
export async function takeAll(queue: string): Promise<Event[]> {
  const connection = await connect(rabbitUrl())
  const channel = await connection.createChannel()
  const taken: Event[] = []
  for (;;) {
    const message = await channel.get(queue, { noAck: true })
    if (message === false) break
    taken.push(decodeAmqpEvent(message))
  }
  await connection.close()
  return taken
}

/** The broker of the contract: publisher and dispatchers of ours over a real server. */
export async function openRabbitBroker(triggers: readonly Trigger[]): Promise<{
  publish: Publish
  deadLetters(): Promise<Event[]>
  close(): Promise<void>
}> {
  const log = recordLog()
  const url = rabbitUrl()
  const broker = await declareTestBroker(triggers)
  const { identity } = broker
  const { publish, close } = await openRabbitPublisher({ url, exchange: brokerExchange(identity), log })
  const dispatchers = await Promise.all(
    broker.triggers.map((known, index) =>
      openRabbitDispatcher({
        url,
        queue: triggerQueue(identity, known),
        deadLetterExchange: triggerDeadLetterExchange(identity, known),
        trigger: triggers[index] as Trigger,
        publish,
        log,
        closeTimeoutMs: 500,
      }),
    ),
  )
  const letters: Event[] = []
  return {
    publish,
    async deadLetters() {
      for (const known of broker.triggers)
        letters.push(...(await takeAll(triggerDeadLetterQueue(identity, known))))
      return letters
    },
    async close() {
      await Promise.all(dispatchers.map((dispatcher) => dispatcher.close()))
      await close()
      await deleteTestBroker(broker)
    },
  }
}
