import { setTimeout as wait } from 'node:timers/promises'
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib'
import { asError, RefusedError } from '../../errors/errors.ts'
import { withDeadline } from '../../lifecycle/deadline.ts'
import type { Log } from '../../logging/logger.ts'
import { deliverWithRetry } from '../deliver-with-retry.ts'
import type { DeadLetters } from '../ports.ts'
import type { Event, Publish, Trigger } from '../publisher.ts'
import { decodeAmqpEvent, encodeAmqpEvent } from './amqp-event.ts'
import { type ConfirmedSender, createConfirmedSender } from './confirmed-sender.ts'
import { connectRabbit, renewWith } from './rabbit-connection.ts'

export interface RabbitDispatcher {
  /** Takes nothing more, lets deliveries under way end, gives the rest back to the queue. Every call gets the same promise. */
  close(): Promise<void>
}

interface Options {
  readonly url: string
  readonly queue: string
  readonly deadLetterExchange: string
  readonly trigger: Trigger
  /** Takes replies. */
  readonly publish: Publish
  readonly log: Log
  /** How long `close` waits for deliveries under way. */
  readonly closeTimeoutMs?: number
}

/** Below the closing deadline a process gives each of its parts (10 s). */
const defaultCloseTimeoutMs = 8_000
const stayPauseMs = 5_000

/**
 * Takes events from the queue of a trigger and sees each through: `trigger.parallelism` at once, which is also how many
 * RabbitMQ hands out unacknowledged. An event leaves the queue only when it was handled, with its reply handed on, or
 * when its dead letter is confirmed.
 * @throws ConfigError, NotNowError `broker_unavailable`
 */
export async function openRabbitDispatcher(options: Options): Promise<RabbitDispatcher> {
  const { url, log, trigger, closeTimeoutMs = defaultCloseTimeoutMs } = options
  const sender = createConfirmedSender(log)
  const underWay = new Set<Promise<void>>()
  let stopConsuming = () => Promise.resolve()
  let closeChannel = () => Promise.resolve()

  async function consume(model: ChannelModel): Promise<void> {
    const channel = await model.createChannel()
    // Ends pauses and waits when the channel is gone: RabbitMQ hands the event out again then.
    const gone = new AbortController()
    channel.on('close', () => gone.abort())
    await channel.prefetch(trigger.parallelism)
    const handle = createMessageHandler(options, { channel, sender, closing: gone.signal })
    const { consumerTag } = await channel.consume(options.queue, (message) => {
      if (message === null) return giveUp(channel)
      const handled = handle(message).finally(() => underWay.delete(handled))
      underWay.add(handled)
    })
    renewWith(channel, model, log)
    stopConsuming = async () => {
      await channel.cancel(consumerTag)
      gone.abort()
    }
    closeChannel = () => channel.close()
  }

  const connection = await connectRabbit({
    url,
    log,
    setup: async (model) => {
      await sender.attach(model)
      await consume(model)
    },
  })
  let closed: Promise<void> | undefined
  async function shut(): Promise<void> {
    const late = () => new Error(`deliveries of ${trigger.name} are still under way`)
    const within = (work: Promise<unknown>) => withDeadline(work, closeTimeoutMs, late)
    await within(stopConsuming()).catch(() => undefined)
    await within(Promise.all(underWay)).catch((thrown: unknown) => {
      log.warn(
        { trigger: trigger.name, reason: asError(thrown).message },
        'the queue keeps what is under way',
      )
    })
    // Acknowledgements that were only just written are lost when the connection ends before its channel.
    await within(closeChannel()).catch(() => undefined)
    await connection.close()
  }
  return { close: () => (closed ??= shut()) }
}

/** The queue was deleted under us: everything is made anew, as after any loss. */
function giveUp(channel: Channel): void {
  channel.close().catch(() => undefined)
}

interface Needs {
  readonly channel: Channel
  readonly sender: ConfirmedSender
  readonly closing: AbortSignal
}

/** Handles one message; never rejects. A message that must stay is left unacknowledged. */
function createMessageHandler(
  { trigger, publish, log, deadLetterExchange }: Options,
  { channel, sender, closing }: Needs,
): (message: ConsumeMessage) => Promise<void> {
  const deadLetters: DeadLetters = {
    append: (letter) => sender.send(deadLetterExchange, encodeAmqpEvent(letter)),
  }
  const sleep = (ms: number, signal: AbortSignal) => wait(ms, undefined, { signal })
  const needs = { trigger, publish, deadLetters, log, sleep, closing }

  async function seeThrough(message: ConsumeMessage): Promise<void> {
    let event: Event
    try {
      event = decodeAmqpEvent(message)
    } catch (thrown) {
      if (!(thrown instanceof RefusedError)) throw thrown
      log.error(
        { trigger: trigger.name, reason: thrown.message },
        'a message that is no event goes to the dead letters',
      )
      return buryRaw(message, thrown.status)
    }
    // A fresh copy for every attempt, as over a wire, whatever a subscriber does to the one before.
    await deliverWithRetry(() => structuredClone(event), needs)
  }

  /** As it came, so that nothing of it is lost. */
  function buryRaw({ content, properties }: ConsumeMessage, status: number): Promise<void> {
    const { contentType, messageId } = properties as { contentType?: string; messageId?: string }
    const headers = {
      ...properties.headers,
      knativeerrordest: trigger.name,
      knativeerrorcode: String(status),
    }
    const options = {
      headers,
      persistent: true,
      ...(contentType === undefined ? {} : { contentType }),
      ...(messageId === undefined ? {} : { messageId }),
    }
    return sender.send(deadLetterExchange, { content, options })
  }

  return async (message) => {
    try {
      await seeThrough(message)
      channel.ack(message)
    } catch (thrown) {
      if (closing.aborted) return
      log.warn({ trigger: trigger.name, reason: asError(thrown).message }, 'a message stays in its queue')
      // Given back at once it would come again at once.
      await sleep(stayPauseMs, closing).then(
        () => channel.nack(message, false, true),
        () => undefined,
      )
    }
  }
}
