import type { z } from 'zod'
import type { Event } from '../broker/publisher.ts'
import { RefusedError } from '../errors/errors.ts'

/**
 * What a function does with one type of event. Three ways out, and a 4xx is not among them, because the RabbitMQ
 * dispatcher acknowledges most 4xx and the event is gone:
 *
 *   done                         run returns the result event (or nothing)
 *   can never work as asked      run throws RefusedError; `refused` makes the `…failed` event of it
 *   not now                      run throws NotNowError; answered 503, the broker retries
 */
export interface EventHandler {
  readonly type: string
  run(event: Event): Promise<Event | undefined>
}

interface Handling<Data> {
  readonly kind: { readonly type: string; readonly data: z.ZodType<Data> }
  readonly run: (data: Data, event: Event) => Promise<Event | undefined>
  readonly refused: (error: RefusedError, event: Event) => Event
}

/** Checks the data against the kind's schema before `run` sees it; a fault names its place. */
export function handleEvent<Data>({ kind, run, refused }: Handling<Data>): EventHandler {
  return {
    type: kind.type,
    async run(event) {
      try {
        if (event.data instanceof Uint8Array) throw badData(kind.type, ['data: is not JSON'])
        const parsed = kind.data.safeParse(event.data)
        if (!parsed.success) throw badData(kind.type, listFaults(parsed.error))
        return await run(parsed.data, event)
      } catch (thrown) {
        if (thrown instanceof RefusedError) return refused(thrown, event)
        throw thrown
      }
    },
  }
}

function listFaults({ issues }: z.ZodError): string[] {
  return issues.map(
    ({ path, message }) => `data${path.map((part) => `.${String(part)}`).join('')}: ${message.slice(0, 200)}`,
  )
}

function badData(type: string, faults: readonly string[]): RefusedError {
  const told = faults.slice(0, 10).join('; ')
  return new RefusedError('bad_event_data', 422, `The data of ${type} is not usable: ${told}.`)
}
