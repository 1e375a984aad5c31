import type { CloudEventV1 } from 'cloudevents'

/** A CloudEvent as it travels: attributes, extensions and JSON data. */
export type Event = CloudEventV1<unknown>

/** Hands an event to the broker. Resolves once the broker has taken charge of it; throws NotNowError when it cannot. */
export type Publish = (event: Event) => Promise<void>

/** What became of one delivery to one subscriber, as the broker must understand it. */
export type DeliveryOutcome =
  | { readonly kind: 'done'; readonly reply?: Event }
  | { readonly kind: 'rejected'; readonly status: number; readonly reason: string }
  | {
      readonly kind: 'retry'
      readonly status: number
      readonly reason: string
      readonly retryAfterMs?: number
    }

/** Delivers one event to one subscriber; must answer within `timeoutMs` and never throw. */
export type Deliver = (event: Event, timeoutMs: number) => Promise<DeliveryOutcome>

/** One subscription: which events, to whom, with how much patience. The words are Knative's. */
export interface Trigger {
  readonly name: string
  /** Exact-match filter on context attributes, as the RabbitMQ broker supports. */
  readonly filter: Readonly<Record<string, string>>
  readonly deliver: Deliver
  /** Retries after the first attempt. */
  readonly retry: number
  readonly backoffPolicy: 'exponential' | 'linear'
  readonly backoffDelayMs: number
  /** Deadline of one attempt. */
  readonly timeoutMs: number
  /** Deliveries under way at once; 1 keeps the order. */
  readonly parallelism: number
}
