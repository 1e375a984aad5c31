import type { CloudEventV1 } from 'cloudevents'
import { v5 as uuidv5 } from 'uuid'
import { dataSchemaOf, type EventKind } from './envelope.ts'
import type { Failure } from './failure.ts'

/** Name space of the ids of replies, fixed for ever: another value would make replays look new. */
const replyIds = 'd1f1b0a2-6c1e-4c83-9d0b-5a3f3e6a7c11'

type AnyEvent = CloudEventV1<unknown>

interface FirstEvent<Data> {
  readonly id: string
  readonly subject: string
  readonly data: Data
  readonly time: Date
  readonly correlationId: string
}

/** The first event of a story. */
export function composeEvent<Data>(kind: EventKind<Data>, event: FirstEvent<Data>): AnyEvent {
  return {
    ...fixedAttributes(kind),
    id: event.id,
    subject: event.subject,
    time: event.time.toISOString(),
    correlationid: event.correlationId,
    data: event.data,
  }
}

/**
 * An event that answers another. Its id follows from the cause and the kind alone, so that delivering the cause
 * twice gives the same reply and not a second one.
 */
export function composeReply<Data>(
  kind: EventKind<Data>,
  cause: AnyEvent,
  reply: { readonly subject?: string; readonly data: Data; readonly time: Date },
): AnyEvent {
  const trace = cause['traceparent']
  return {
    ...fixedAttributes(kind),
    id: uuidv5(`${kind.type}\n${cause.source}\n${cause.id}`, replyIds),
    subject: reply.subject ?? cause.subject ?? 'unknown',
    time: reply.time.toISOString(),
    correlationid: correlationOf(cause),
    causationid: cause.id,
    ...(typeof trace === 'string' ? { traceparent: trace } : {}),
    data: reply.data,
  }
}

/** A `…failed` event: why something will never work as asked. */
export function composeFailure(
  kind: EventKind<Failure>,
  cause: AnyEvent,
  error: Pick<Failure, 'code' | 'status'> & { readonly message: string },
  time: Date,
): AnyEvent {
  const { code, status, message } = error
  return composeReply(kind, cause, { data: { code, status, detail: message.slice(0, 2_000) }, time })
}

/** An event sent by hand (func invoke) knows no correlation: its own id starts the story. */
export function correlationOf(event: AnyEvent): string {
  const correlation = event['correlationid']
  return typeof correlation === 'string' && correlation !== '' ? correlation : event.id
}

function fixedAttributes(kind: EventKind<unknown>) {
  return {
    specversion: '1.0',
    type: kind.type,
    source: kind.source,
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(kind),
  }
}
