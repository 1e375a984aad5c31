import type { Event } from '../../functions/runtime/broker/publisher.ts'
import type { Querying } from '../../functions/runtime/database/statements.ts'
import type { Ledger } from '../../functions/runtime/ledger/ledger.ts'

/** A ledger without a database, for tests of what stands on one; work gets no transaction. */
export function createMemoryLedger(): Ledger {
  const replies = new Map<string, Event>()
  const keyOf = ({ source, id }: Event) => `${source} ${id}`
  const keep = (event: Event, reply: Event): Event => {
    const kept = replies.get(keyOf(event)) ?? reply
    replies.set(keyOf(event), kept)
    return kept
  }
  return {
    find: (event) => Promise.resolve(replies.get(keyOf(event))),
    once: async (event, work) => replies.get(keyOf(event)) ?? keep(event, await work({} as Querying)),
    async onceWith(event, reply, insert) {
      if (!replies.has(keyOf(event))) await insert([])
      return keep(event, reply)
    },
    refuse: (event, reply) => Promise.resolve(keep(event, reply)),
  }
}
