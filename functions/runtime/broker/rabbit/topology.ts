import {
  type BrokerIdentity,
  brokerDeadLetterExchange,
  brokerDeadLetterQueue,
  brokerExchange,
  journalQueue,
  type TriggerIdentity,
  triggerDeadLetterExchange,
  triggerDeadLetterQueue,
  triggerPolicy,
  triggerQueue,
} from './names.ts'

type Arguments = Readonly<Record<string, string | number>>

/** Durable things of RabbitMQ, as data. */
export interface Topology {
  /** All of type headers. */
  readonly exchanges: readonly string[]
  readonly queues: readonly { readonly name: string; readonly arguments: Arguments }[]
  readonly bindings: readonly {
    readonly exchange: string
    readonly queue: string
    readonly arguments: Arguments
  }[]
  /** All of them apply to queues. */
  readonly policies: readonly {
    readonly name: string
    readonly pattern: string
    readonly priority: number
    readonly definition: Arguments
  }[]
}

const quorum = { 'x-queue-type': 'quorum' }

/** By size and age, whichever comes first; a whole segment goes at once. */
const journal = {
  'x-queue-type': 'stream',
  'x-max-age': '14D',
  'x-max-length-bytes': 2_000_000_000,
  'x-stream-max-segment-size-bytes': 50_000_000,
}

const matchAll = { 'x-match': 'all' }

/**
 * The topology that eventing-rabbitmq v0.48 makes for a broker and its triggers, each with a dead letter queue of its
 * own, and the journal: a stream that keeps every event, whoever wants it.
 */
export function describeTopology(broker: BrokerIdentity, triggers: readonly TriggerIdentity[]): Topology {
  const exchange = brokerExchange(broker)
  const deadLetterExchange = brokerDeadLetterExchange(broker)
  const deadLetters = brokerDeadLetterQueue(broker)
  const parts = triggers.map((trigger) => describeTrigger(broker, trigger))
  return {
    exchanges: [exchange, deadLetterExchange, ...parts.map((part) => part.deadLetterExchange)],
    queues: [
      { name: journalQueue(broker), arguments: journal },
      { name: deadLetters, arguments: quorum },
      ...parts.flatMap((part) => [part.queue, part.deadLetters].map((name) => ({ name, arguments: quorum }))),
    ],
    bindings: [
      { exchange, queue: journalQueue(broker), arguments: matchAll },
      {
        exchange: deadLetterExchange,
        queue: deadLetters,
        arguments: { ...matchAll, 'x-knative-dlq': broker.name },
      },
      ...parts.flatMap((part) => part.bindings),
    ],
    policies: [
      {
        name: deadLetters,
        pattern: `${quote(broker.uid)}$`,
        priority: 0,
        definition: { 'dead-letter-exchange': deadLetterExchange },
      },
      ...parts.map((part) => part.policy),
    ],
  }
}

function describeTrigger(broker: BrokerIdentity, trigger: TriggerIdentity) {
  const queue = triggerQueue(broker, trigger)
  const deadLetterExchange = triggerDeadLetterExchange(broker, trigger)
  const deadLetters = triggerDeadLetterQueue(broker, trigger)
  return {
    queue,
    deadLetterExchange,
    deadLetters,
    bindings: [
      {
        exchange: brokerExchange(broker),
        queue,
        arguments: { ...trigger.filter, ...matchAll, 'x-knative-trigger': trigger.name },
      },
      { exchange: deadLetterExchange, queue: deadLetters, arguments: matchAll },
    ],
    policy: {
      name: triggerPolicy(broker, trigger),
      pattern: `^${quote(queue)}$`,
      priority: 1,
      definition: { 'dead-letter-exchange': deadLetterExchange },
    },
  }
}

/** As Go's regexp.QuoteMeta. */
function quote(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, String.raw`\$&`)
}
