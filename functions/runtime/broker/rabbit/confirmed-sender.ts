import type { ChannelModel, ConfirmChannel, Message, Options } from 'amqplib'
import { asError } from '../../errors/errors.ts'
import { withDeadline } from '../../lifecycle/deadline.ts'
import type { Log } from '../../logging/logger.ts'
import { brokerUnavailable, renewWith } from './rabbit-connection.ts'

/** Sends messages and knows of each whether RabbitMQ has it. */
export interface ConfirmedSender {
  /** To be called with every fresh connection. */
  attach(model: ChannelModel): Promise<void>
  /**
   * Resolves once RabbitMQ has the message safe in at least one queue.
   * Throws NotNowError `broker_unavailable`: not connected, refused, no queue takes it, or no confirm within 5 s; in
   * the last case it may have been taken all the same.
   */
  send(exchange: string, message: { content: Buffer; options: Options.Publish }): Promise<void>
  /** Throws NotNowError `broker_unavailable` while there is no connection. */
  assertConnected(): void
}

const confirmTimeoutMs = 5_000
/** Sent and not yet confirmed; a broker that hangs must not fill the memory. */
const maxUnconfirmed = 10_000

export function createConfirmedSender(log: Log): ConfirmedSender {
  let channel: ConfirmChannel | undefined
  // A return comes before the confirm of its message and names it by the id we gave.
  const unconfirmed = new Map<string, (error: Error) => void>()
  let sent = 0

  function lose(): void {
    channel = undefined
    for (const fail of unconfirmed.values()) fail(new Error('the connection was lost before the confirm'))
  }

  function connected(): ConfirmChannel {
    if (!channel) throw brokerUnavailable(new Error('not connected'))
    if (unconfirmed.size >= maxUnconfirmed) throw brokerUnavailable(new Error('too much is unconfirmed'))
    return channel
  }

  function publish(exchange: string, content: Buffer, options: Options.Publish, correlationId: string) {
    const target = connected()
    return new Promise<void>((resolve, reject) => {
      unconfirmed.set(correlationId, reject)
      target.publish(exchange, '', content, { ...options, mandatory: true, correlationId }, (error) =>
        error ? reject(asError(error)) : resolve(),
      )
    })
  }

  return {
    async attach(model) {
      const fresh = await model.createConfirmChannel()
      renewWith(fresh, model, log)
      fresh.on('close', lose)
      fresh.on('return', (message: Message) => {
        const fail = unconfirmed.get(String(message.properties.correlationId))
        fail?.(new Error(`no queue takes what is sent to ${message.fields.exchange}`))
      })
      channel = fresh
    },
    async send(exchange, { content, options }) {
      const correlationId = String((sent += 1))
      const late = () => new Error(`no confirm within ${confirmTimeoutMs} ms`)
      try {
        await withDeadline(publish(exchange, content, options, correlationId), confirmTimeoutMs, late)
      } catch (thrown) {
        throw brokerUnavailable(thrown)
      } finally {
        unconfirmed.delete(correlationId)
      }
    },
    assertConnected: () => void connected(),
  }
}
