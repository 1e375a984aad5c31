import type { Options } from 'amqplib'
import { z } from 'zod'
import { RefusedError } from '../../errors/errors.ts'
import type { Event } from '../publisher.ts'

/** The parts of an AMQP message that say what event it is. */
export interface AmqpMessage {
  readonly content: Buffer
  readonly properties: {
    readonly headers?: Readonly<Record<string, unknown>> | undefined
    readonly contentType?: string | undefined
  }
}

/*
 * CloudEvents as eventing-rabbitmq v0.48 puts them into AMQP 0-9-1 messages, which is neither of the published bindings:
 * https://github.com/knative-extensions/eventing-rabbitmq/blob/v0.48.0/pkg/rabbit/message.go
 * Headers carry the attributes by their bare names, as text: a binding's "7" does not match a number 7.
 */

const fallbackContentType = 'application/json'

/** An event in binary mode. Its time is never left out: the broker's own programs would read year 1. */
export function encodeAmqpEvent(event: Event): { content: Buffer; options: Options.Publish } {
  const { data, data_base64: base64, datacontenttype, ...attributes } = plain(event)
  const contentType = datacontenttype === undefined ? fallbackContentType : textOf(datacontenttype)
  const headers: Record<string, string> = { 'content-type': contentType }
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) headers[name] = textOf(value)
  }
  headers['time'] ??= new Date().toISOString()
  const content = base64 === undefined ? encodeData(data, contentType) : Buffer.from(textOf(base64), 'base64')
  return {
    content,
    options: { headers, contentType, messageId: event.id, persistent: true, mandatory: true },
  }
}

/** A CloudEvent of the SDK turns itself into JSON by a method; spreading it would miss what that does. */
function plain(event: Event): Record<string, unknown> {
  const { toJSON } = event as { toJSON?: () => Record<string, unknown> }
  return toJSON ? toJSON.call(event) : { ...event }
}

function encodeData(data: unknown, contentType: string): Buffer {
  if (data === undefined) return Buffer.alloc(0)
  return Buffer.from(isJson(contentType) || typeof data !== 'string' ? JSON.stringify(data) : data)
}

const isJson = (contentType: string) => /[/+]json\s*(;|$)/i.test(contentType)

const attribute = z.string().min(1)
const eventSchema = z.looseObject({
  specversion: z.literal('1.0'),
  id: attribute,
  source: attribute,
  type: attribute,
  time: z.iso.datetime({ offset: true }).optional(),
})

/** @throws RefusedError 400 `no_event` that names the place */
export function decodeAmqpEvent({ content, properties }: AmqpMessage): Event {
  const contentType = properties.contentType ?? ''
  const event = contentType.startsWith('application/cloudevents+json')
    ? parseJson(content, 'the message')
    : binaryEvent(content, properties)
  const parsed = eventSchema.safeParse(event)
  if (parsed.success) return parsed.data as Event
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'event'}: ${message}`)
  throw noEvent(faults.join('; '))
}

function binaryEvent(content: Buffer, { headers = {}, contentType = '' }: AmqpMessage['properties']) {
  const attributes: Record<string, unknown> = {}
  for (const [header, value] of Object.entries(headers)) {
    const name = header.toLowerCase().replace(/^ce-/, '')
    // RabbitMQ's own headers (x-death …) are no attributes.
    if (!name.startsWith('x-')) attributes[name] = textOf(value)
  }
  const { 'content-type': declared = contentType, ...rest } = attributes
  const datacontenttype = declared === '' ? fallbackContentType : textOf(declared)
  return { ...rest, datacontenttype, ...decodeData(content, datacontenttype) }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function decodeData(content: Buffer, contentType: string): { data?: unknown; data_base64?: string } {
  if (content.length === 0) return {}
  if (isJson(contentType)) return { data: parseJson(content, 'the data') }
  if (contentType.startsWith('text/')) return { data: content.toString() }
  return { data_base64: content.toString('base64') }
}

function parseJson(content: Buffer, what: string): unknown {
  try {
    return JSON.parse(content.toString())
  } catch {
    throw noEvent(`${what} is not valid JSON`)
  }
}

const noEvent = (detail: string) =>
  new RefusedError('no_event', 400, `The message is no CloudEvent: ${detail}.`)
