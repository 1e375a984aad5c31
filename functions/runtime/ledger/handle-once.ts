import type { Event } from '../broker/publisher.ts'
import type { EventHandler } from '../serve/event-handler.ts'
import type { Ledger } from './ledger.ts'

/**
 * For work too dear to be done in vain: an event is looked up before it is handled, and one that is under way in this
 * process is waited for instead of being handled once more.
 */
export function handleOnce(
  handlers: readonly EventHandler[],
  ledger: Pick<Ledger, 'find'>,
): readonly EventHandler[] {
  const underWay = new Map<string, Promise<Event | undefined>>()
  return handlers.map((handler) => ({
    type: handler.type,
    run(event) {
      const key = JSON.stringify([event.source, event.id])
      const shared = underWay.get(key)
      if (shared) return shared
      const answer = findOrRun(event, handler, ledger).finally(() => underWay.delete(key))
      underWay.set(key, answer)
      return answer
    },
  }))
}

async function findOrRun(event: Event, handler: EventHandler, ledger: Pick<Ledger, 'find'>) {
  return (await ledger.find(event)) ?? (await handler.run(event))
}

/** Keeps refusals, which are replies of `failedType`, in the ledger; other replies are kept with their effect. */
export function recordRefusals(
  handlers: readonly EventHandler[],
  failedType: string,
  ledger: Pick<Ledger, 'refuse'>,
): readonly EventHandler[] {
  return handlers.map((handler) => ({
    type: handler.type,
    async run(event) {
      const reply = await handler.run(event)
      return reply?.type === failedType ? ledger.refuse(event, reply) : reply
    },
  }))
}
