import { type Channel, type ChannelModel, connect } from 'amqplib'
import { asError, NotNowError, RefusedError } from '../../errors/errors.ts'
import { withDeadline } from '../../lifecycle/deadline.ts'

/** A connection for one queue that is read through and left; it does not come back when it is lost. */
export interface ReadingChannel {
  readonly channel: Channel
  /** Messages that wait in the queue; RabbitMQ says 0 of a stream. */
  readonly messageCount: number
  /** Aborts with a NotNowError `broker_unavailable`. */
  readonly lost: AbortSignal
  /** What was taken and not acknowledged is back in its place afterwards. */
  close(): Promise<void>
}

const timeoutMs = 5_000

/** @throws NotNowError `broker_unavailable`, RefusedError 404 `no_such_queue` */
export async function openReadingChannel(url: string, queue: string): Promise<ReadingChannel> {
  const model = await inTime(connect(url, { timeout: timeoutMs }))
  const loss = new AbortController()
  model.on('error', (error) => loss.abort(unavailable(error)))
  model.on('close', () => loss.abort(unavailable(new Error('the connection was closed'))))
  try {
    const channel = await inTime(model.createChannel())
    channel.on('error', (error) => loss.abort(unavailable(error)))
    channel.on('close', () => loss.abort(unavailable(new Error('the channel was closed'))))
    const { messageCount } = await inTime(channel.checkQueue(queue))
    return { channel, messageCount, lost: loss.signal, close: () => close(channel, model) }
  } catch (thrown) {
    await model.close().catch(() => undefined)
    if (/NOT_FOUND/.test(asError(thrown).message))
      throw new RefusedError('no_such_queue', 404, `RabbitMQ has no queue ${queue}.`)
    throw thrown
  }
}

/** The channel first: its answer says that every acknowledgement before it was taken. */
async function close(channel: Channel, model: ChannelModel): Promise<void> {
  await inTime(channel.close()).catch(() => undefined)
  await inTime(model.close()).catch(() => undefined)
}

function inTime<T>(work: Promise<T>): Promise<T> {
  const late = () => new Error(`no answer within ${timeoutMs} ms`)
  return withDeadline(work, timeoutMs, late).catch((thrown: unknown) => {
    throw unavailable(thrown)
  })
}

/** @throws nothing; a driver's message names hosts and queues, never a password */
export function unavailable(thrown: unknown): NotNowError {
  const cause = asError(thrown)
  return new NotNowError('broker_unavailable', `RabbitMQ does not give its messages: ${cause.message}`, {
    cause,
  })
}
