import type { Log } from '../../logging/logger.ts'
import type { Publish } from '../publisher.ts'
import { encodeAmqpEvent } from './amqp-event.ts'
import { createConfirmedSender } from './confirmed-sender.ts'
import { connectRabbit } from './rabbit-connection.ts'

export interface RabbitPublisher {
  /** Resolves once the event is safe in a queue. Throws NotNowError `broker_unavailable`. */
  readonly publish: Publish
  /** Throws NotNowError `broker_unavailable` while there is no connection. */
  ping(): Promise<void>
  close(): Promise<void>
}

interface Options {
  readonly url: string
  readonly exchange: string
  readonly log: Log
}

/** Publishes to the exchange of a broker. @throws ConfigError, NotNowError `broker_unavailable` */
export async function openRabbitPublisher({ url, exchange, log }: Options): Promise<RabbitPublisher> {
  const sender = createConfirmedSender(log)
  const connection = await connectRabbit({ url, log, setup: (model) => sender.attach(model) })
  return {
    publish: (event) => sender.send(exchange, encodeAmqpEvent(event)),
    ping: async () => sender.assertConnected(),
    close: () => connection.close(),
  }
}
