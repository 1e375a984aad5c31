import { catalogue } from '../../events/catalogue.ts'
import type { Trigger } from '../../functions/runtime/broker/publisher.ts'
import { deliverOverHttp } from '../../functions/runtime/http/deliver-event.ts'

export type FunctionName = 'predict' | 'scrape' | 'infer'

/** One page at a time is the site's due, and a page may stand in the queue; the others are quick. */
const patience: Readonly<Record<FunctionName, { readonly parallelism: number; readonly timeoutMs: number }>> =
  {
    predict: { parallelism: 8, timeoutMs: 20_000 },
    scrape: { parallelism: 1, timeoutMs: 60_000 },
    infer: { parallelism: 8, timeoutMs: 10_000 },
  }

/** One trigger per kind and function, as the catalogue says who listens to what. */
export function makeTriggers(urls: Readonly<Record<FunctionName, string>>): Trigger[] {
  const names = Object.keys(urls) as FunctionName[]
  return catalogue.flatMap((kind) =>
    names
      .filter((name) => kind.to.includes(name))
      .map((name) => ({
        name: `${name}-${kind.type}`,
        filter: { type: kind.type },
        deliver: deliverOverHttp(urls[name]),
        retry: 3,
        backoffPolicy: 'exponential' as const,
        backoffDelayMs: 500,
        ...patience[name],
      })),
  )
}
