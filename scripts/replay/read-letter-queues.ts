import { type DeadLetterReader, openDeadLetters } from '../../functions/runtime/broker/rabbit/dead-letters.ts'
import type { Found, OnBad, Source } from './open-source.ts'

/** The letters of several queues, one queue after another; all stay open until `close` gives back what was not removed. */
export function readLetterQueues(url: string, queues: readonly string[], onBad: OnBad): Source {
  const readers: DeadLetterReader[] = []
  async function* read(): AsyncGenerator<Found, void, undefined> {
    for (const queue of queues) {
      const reader = await openDeadLetters({ url, queue, onBadMessage: (reason) => onBad(queue, reason) })
      readers.push(reader)
      yield* reader.letters
    }
  }
  return {
    events: read(),
    close: async () => {
      await Promise.all(readers.map((reader) => reader.close()))
    },
  }
}
