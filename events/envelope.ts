import { z } from 'zod'

/**
 * The context attributes of every event we send. ASCII only: the HTTP binding percent-encodes nothing for us
 * and the RabbitMQ broker copies attributes into headers, so names of clubs live in `data`.
 */
const ascii = z.string().regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')

/** A moment with its zone, RFC 3339. */
export const moment = z.iso.datetime({ offset: true })

/** What an event of ours looks like on any wire. Unknown extensions are kept. */
export const envelopeSchema = z.looseObject({
  specversion: z.literal('1.0'),
  id: ascii.max(256),
  source: ascii.max(256),
  type: ascii.max(128),
  subject: ascii.max(128),
  time: moment,
  datacontenttype: z.literal('application/json'),
  dataschema: ascii.max(256),
  /** One value for the whole story that a request set off. */
  correlationid: ascii.max(128),
  /** Id of the event that made us send this one; absent on the first. */
  causationid: ascii.max(256).optional(),
  /** W3C trace of the start of the story. */
  traceparent: ascii.max(64).optional(),
  data: z.unknown(),
})

/** One event type: its name, what its data must look like, and who says it to whom. */
export interface EventKind<Data> {
  readonly type: string
  readonly data: z.ZodType<Data>
  /** The `source` attribute. */
  readonly source: `/soccer/${string}`
  readonly to: readonly string[]
  readonly means: string
}

/** The `dataschema` attribute of a kind: names the shape, is not meant to be fetched. */
export function dataSchemaOf(kind: { readonly type: string }): string {
  return `urn:soccer:schema:${kind.type}`
}
