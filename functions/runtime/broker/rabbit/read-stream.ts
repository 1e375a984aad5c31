import type { ConsumeMessage } from 'amqplib'
import { asError } from '../../errors/errors.ts'
import type { Event } from '../publisher.ts'
import { decodeAmqpEvent } from './amqp-event.ts'
import { openReadingChannel, type ReadingChannel, unavailable } from './reading-channel.ts'

interface Options {
  readonly url: string
  /** The stream, as `journalQueue` names it. */
  readonly queue: string
  /** Leaves out most of what the broker took before; absent: from the first message that is kept. */
  readonly since?: Date | undefined
  readonly onBadMessage: (bad: { readonly offset: number; readonly reason: string }) => void
}

type Offset = 'first' | 'last' | { readonly '!': 'timestamp'; readonly value: number }

interface Subscription {
  /** The next message, or undefined where none comes in time; throws NotNowError when the connection is lost. */
  next(timeoutMs: number): Promise<ConsumeMessage | undefined>
  stop(): Promise<unknown>
}

/** Credit of a stream's consumer; enough that it never waits for us. */
const prefetch = 500
/** An empty stream says nothing at all, so this long is waited for its first word. */
const silenceMs = 3_000
/** The last chunk comes at once; what comes later was published meanwhile. */
const chunkGapMs = 250
const longestSearchMs = 2_000
const stallTimeoutMs = 15_000
/** A stream keeps the time of the broker, an event that of its sender. */
const clockSkewMs = 60_000

/**
 * The events of a stream in their order, up to the one that was the last at the start.
 * A message that holds no event is told to `onBadMessage` and left out.
 * @throws NotNowError `broker_unavailable`, RefusedError 404 `no_such_queue`
 */
export async function* readStream(options: Options): AsyncGenerator<Event, void, undefined> {
  const { url, queue, since } = options
  const reading = await openReadingChannel(url, queue)
  try {
    await reading.channel.prefetch(prefetch)
    const end = await findLastOffset(reading, queue)
    if (end !== undefined) yield* readUpTo(end, await subscribe(reading, queue, startOf(since)), options)
  } finally {
    await reading.close()
  }
}

function startOf(since: Date | undefined): Offset {
  if (!since) return 'first'
  return { '!': 'timestamp', value: Math.max(0, Math.floor((since.getTime() - clockSkewMs) / 1_000)) }
}

async function* readUpTo(
  end: number,
  messages: Subscription,
  { queue, since, onBadMessage }: Options,
): AsyncGenerator<Event> {
  let offset: number | undefined
  while (offset === undefined || offset < end) {
    const isFirst = offset === undefined
    const message = await messages.next(isFirst && since ? silenceMs : stallTimeoutMs)
    if (!message) {
      // Nothing is as young as asked.
      if (isFirst && since) return
      throw unavailable(new Error(`${queue} stopped at offset ${offset ?? 'none'} of ${end}`))
    }
    offset = offsetOf(message)
    if (offset > end) return
    const event = decode(message)
    if (typeof event === 'string') onBadMessage({ offset, reason: event })
    else yield event
  }
}

/** The offset of the last message, or undefined of an empty stream. RabbitMQ does not tell how long a stream is. */
async function findLastOffset(reading: ReadingChannel, queue: string): Promise<number | undefined> {
  const messages = await subscribe(reading, queue, 'last')
  const deadlineMs = performance.now() + longestSearchMs
  let last: number | undefined
  let message = await messages.next(silenceMs)
  while (message) {
    last = offsetOf(message)
    if (performance.now() > deadlineMs) break
    message = await messages.next(chunkGapMs)
  }
  await messages.stop()
  return last
}

async function subscribe(
  { channel, lost }: ReadingChannel,
  queue: string,
  offset: Offset,
): Promise<Subscription> {
  const arrived: ConsumeMessage[] = []
  let wake = () => {}
  const take = (message: ConsumeMessage | null) => {
    if (message) arrived.push(message)
    wake()
  }
  const consumed = channel.consume(queue, take, { arguments: { 'x-stream-offset': offset } })
  const { consumerTag } = await consumed.catch((thrown: unknown) => {
    throw unavailable(thrown)
  })
  const arrival = async (timeoutMs: number) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    wake = resolve
    const timer = setTimeout(resolve, timeoutMs)
    lost.addEventListener('abort', wake, { once: true })
    await promise
    clearTimeout(timer)
    lost.removeEventListener('abort', wake)
  }
  return {
    async next(timeoutMs) {
      if (arrived.length === 0 && !lost.aborted) await arrival(timeoutMs)
      lost.throwIfAborted()
      const message = arrived.shift()
      // Gives credit for more; a stream forgets nothing by it.
      if (message) channel.ack(message)
      return message
    },
    stop: () => channel.cancel(consumerTag),
  }
}

function offsetOf({ properties }: ConsumeMessage): number {
  return Number(properties.headers?.['x-stream-offset'])
}

/** The event, or why there is none. */
function decode(message: ConsumeMessage): Event | string {
  try {
    return decodeAmqpEvent(message)
  } catch (thrown) {
    return asError(thrown).message
  }
}
