import { catalogue } from '../../events/catalogue.ts'
import type { Trigger } from '../../functions/runtime/broker/publisher.ts'
import { deliverOverHttp } from '../../functions/runtime/http/deliver-event.ts'

export const functionNames = ['predict', 'scrape', 'infer'] as const
export type FunctionName = (typeof functionNames)[number]

/** One page at a time is the site's due, and a page may stand in the queue; the others are quick. */
const patience: Readonly<Record<FunctionName, { readonly parallelism: number; readonly timeoutMs: number }>> =
  {
    predict: { parallelism: 8, timeoutMs: 20_000 },
    scrape: { parallelism: 1, timeoutMs: 60_000 },
    infer: { parallelism: 32, timeoutMs: 10_000 },
  }

/** Who listens to which type of event, and how patiently; not yet where. */
export interface Subscription extends Omit<Trigger, 'deliver'> {
  readonly subscriber: FunctionName
}

/** One trigger per kind and function, as the catalogue says who listens to what: `infer-match-scraped` …. */
export function listSubscriptions(): Subscription[] {
  return catalogue.flatMap((kind) =>
    functionNames
      .filter((subscriber) => kind.to.includes(subscriber))
      .map((subscriber) => ({
        name: `${subscriber}-${shortName(kind.type)}`,
        subscriber,
        filter: { type: kind.type },
        retry: 3,
        backoffPolicy: 'exponential',
        backoffDelayMs: 500,
        ...patience[subscriber],
      })),
  )
}

/** `soccer.match.scraped.v1` → `match-scraped`: Kubernetes takes lower case letters, digits and dashes. */
const shortName = (type: string) => type.replace(/^soccer\.(.*)\.v1$/, '$1').replaceAll('.', '-')

/** The triggers of functions at these addresses. */
export function makeTriggers(urls: Readonly<Record<FunctionName, string>>): Trigger[] {
  return listSubscriptions().map(({ subscriber, ...patient }) => ({
    ...patient,
    deliver: deliverOverHttp(urls[subscriber]),
  }))
}
