import type { GetMessage } from 'amqplib'
import { asError } from '../../errors/errors.ts'
import { withDeadline } from '../../lifecycle/deadline.ts'
import type { Event } from '../publisher.ts'
import { decodeAmqpEvent } from './amqp-event.ts'
import { openReadingChannel, type ReadingChannel, unavailable } from './reading-channel.ts'

export interface DeadLetter {
  readonly event: Event
  /** Takes the letter out of its queue for good. Throws NotNowError: it is in the queue still. */
  remove(): void
}

export interface DeadLetterReader {
  /** Those that lay there when the reader was opened, oldest first. */
  readonly letters: AsyncGenerator<DeadLetter, void, undefined>
  /** Letters that were not removed are back in their places afterwards. */
  close(): Promise<void>
}

interface Options {
  readonly url: string
  readonly queue: string
  /** Such a message stays where it is. */
  readonly onBadMessage: (reason: string) => void
}

const getTimeoutMs = 10_000
const restTimeoutMs = 10_000

/**
 * Reads a queue of dead letters without emptying it: other readers do not see them until this one is closed.
 * One by one, because letters that stay are held until then and would use up the credit of a consumer.
 * @throws NotNowError `broker_unavailable`, RefusedError 404 `no_such_queue`
 */
export async function openDeadLetters({ url, queue, onBadMessage }: Options): Promise<DeadLetterReader> {
  const reading = await openReadingChannel(url, queue)
  // A letter that is redriven may come back as a new one; counting ends the round.
  let unread = reading.messageCount
  const next = async () => {
    if (unread <= 0) return false
    unread -= 1
    return getMessage(reading, queue)
  }
  async function* letters(): AsyncGenerator<DeadLetter, void, undefined> {
    for (let message = await next(); message; message = await next()) {
      const taken = message
      const event = decode(taken)
      if (typeof event === 'string') onBadMessage(event)
      else yield { event, remove: () => acknowledge(reading, taken) }
    }
  }
  return {
    letters: letters(),
    async close() {
      await takeRest(next).catch(() => undefined)
      await reading.close()
    },
  }
}

/** What is given back goes behind what was never taken; only when all is given back is the order the old one. */
async function takeRest(next: () => Promise<unknown>): Promise<void> {
  const deadlineMs = performance.now() + restTimeoutMs
  while (performance.now() < deadlineMs && (await next()));
}

async function getMessage({ channel, lost }: ReadingChannel, queue: string): Promise<GetMessage | false> {
  lost.throwIfAborted()
  try {
    const late = () => new Error(`no message within ${getTimeoutMs} ms`)
    return await withDeadline(channel.get(queue), getTimeoutMs, late)
  } catch (thrown) {
    throw unavailable(thrown)
  }
}

function acknowledge({ channel, lost }: ReadingChannel, message: GetMessage): void {
  lost.throwIfAborted()
  try {
    channel.ack(message)
  } catch (thrown) {
    throw unavailable(thrown)
  }
}

/** The event, or why there is none. */
function decode(message: GetMessage): Event | string {
  try {
    return decodeAmqpEvent(message)
  } catch (thrown) {
    return asError(thrown).message
  }
}
