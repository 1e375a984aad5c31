import type { Event } from '../broker/publisher.ts'
import type { Database } from '../database/database.ts'
import type { Querying } from '../database/statements.ts'
import type { Log } from '../logging/logger.ts'
import { addEntry, type Entry, findReply, makeEntry, setReply } from './ledger-entry.ts'
import { createPruner } from './prune-entries.ts'

/**
 * The events one function has dealt with, known by source and id: delivered again, at whatever time and to whichever
 * replica, an event has no second effect and gets the reply it got first. Another type under the same source and id
 * is the sender's fault and counts as the same event. Calls throw NotNowError `database_unavailable`.
 */
export interface Ledger {
  /** The reply this event got; undefined: it is new. */
  find(event: Event): Promise<Event | undefined>
  /** Does `work` and records its reply, both or neither. Gives the reply that is recorded in the end. */
  once(event: Event, work: (transaction: Querying) => Promise<Event>): Promise<Event>
  /** The same for an effect of one statement: `insert` takes the entry along and says whether it was new. */
  onceWith(event: Event, reply: Event, insert: (entry: Entry) => Promise<boolean>): Promise<Event>
  /** Records that it will never work as asked. */
  refuse(event: Event, reply: Event): Promise<Event>
}

export function openLedger(functionName: string, database: Database, log: Log): Ledger {
  const prune = createPruner(database, log)

  async function recordedReply(event: Event): Promise<Event> {
    const reply = await findReply(database, functionName, event)
    if (reply) return reply
    // A week old and pruned this very moment: delivered once more, it is new.
    throw new Error(`the entry of event ${event.id} vanished`)
  }

  async function onceWith(event: Event, reply: Event, insert: (entry: Entry) => Promise<boolean>) {
    if (!(await insert(makeEntry(functionName, event, reply, false)))) return recordedReply(event)
    prune()
    return reply
  }

  return {
    find: (event) => findReply(database, functionName, event),
    async once(event, work) {
      const reply = await database.transaction(async (transaction) => {
        // First, so that whoever has the same event at the same time waits here, before any work.
        if (!(await addEntry(transaction, makeEntry(functionName, event, null, false)))) return undefined
        const made = await work(transaction)
        await setReply(transaction, functionName, event, made)
        return made
      })
      if (!reply) return recordedReply(event)
      prune()
      return reply
    },
    onceWith,
    async refuse(event, reply) {
      if (!(await addEntry(database, makeEntry(functionName, event, reply, true))))
        return recordedReply(event)
      prune()
      return reply
    },
  }
}
