import { CloudEvent, type CloudEventV1, HTTP } from 'cloudevents'
import { z } from 'zod'
import { asError, RefusedError } from '../errors/errors.ts'

/**
 * CloudEvents over HTTP, both ways. Stricter than the SDK, which lets a wrong specversion pass, leaves
 * percent-encoding alone and stamps a missing time.
 * https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */

type Headers = Readonly<Record<string, string | string[] | undefined>>

export type HttpEvent = CloudEventV1<unknown>

const attributeName = /^[a-z0-9]+$/
const requiredAttributes = ['specversion', 'id', 'source', 'type'] as const
const moment = z.iso.datetime({ offset: true })

const malformed = (detail: string) => new RefusedError('malformed_event', 400, detail)

/** How the headers say the body is to be read; throws RefusedError 400/415 where they contradict the binding. */
export function eventModeOf(headers: Headers): 'structured' | 'binary' | 'none' {
  const contentType = String(headers['content-type'] ?? '').toLowerCase()
  if (contentType.startsWith('application/cloudevents-batch')) {
    throw new RefusedError('batch_not_supported', 415, 'Send one event a request; batches are not taken.')
  }
  if (contentType.startsWith('application/cloudevents')) {
    if (/^application\/cloudevents(\+json)?\s*(;|$)/.test(contentType)) return 'structured'
    throw new RefusedError('event_format_not_supported', 415, 'Structured events are taken as JSON only.')
  }
  if (!Object.keys(headers).some((name) => name.startsWith('ce-'))) return 'none'
  for (const name of requiredAttributes) {
    if (headers[`ce-${name}`] === undefined || headers[`ce-${name}`] === '') {
      throw malformed(`The header ce-${name} is missing.`)
    }
  }
  if (headers['ce-specversion'] !== '1.0') throw malformed('Only CloudEvents specversion 1.0 is understood.')
  return 'binary'
}

/**
 * The event a request or a reply carries, or undefined where it carries none.
 * `body` is text, bytes, or JSON that a framework has parsed already.
 * @throws RefusedError 400 `malformed_event`, 415
 */
export function decodeHttpEvent(headers: Headers, body: unknown): HttpEvent | undefined {
  const mode = eventModeOf(headers)
  if (mode === 'none') return undefined
  const attributes = mode === 'structured' ? structuredEvent(body) : binaryEvent(headers, body)
  try {
    return new CloudEvent(attributes)
  } catch (thrown) {
    throw malformed(`This is no valid CloudEvent: ${asError(thrown).message.slice(0, 300)}`)
  }
}

function structuredEvent(body: unknown): Partial<HttpEvent> {
  const event = parseJson(body)
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw malformed('A structured event is a JSON object.')
  }
  const members = { ...event } as Record<string, unknown>
  for (const name of requiredAttributes) {
    if (typeof members[name] !== 'string' || members[name] === '') {
      throw malformed(`The attribute ${name} is missing.`)
    }
  }
  if (members['specversion'] !== '1.0') throw malformed('Only CloudEvents specversion 1.0 is understood.')
  if ('data' in members && 'data_base64' in members)
    throw malformed('data and data_base64 exclude each other.')
  checkTime(members['time'])
  return members
}

function binaryEvent(headers: Headers, body: unknown): Partial<HttpEvent> {
  const attributes: Record<string, unknown> = {}
  for (const [header, value] of Object.entries(headers)) {
    if (!header.startsWith('ce-') || value === undefined) continue
    const name = header.slice(3)
    if (!attributeName.test(name)) throw malformed(`${header} names no attribute.`)
    attributes[name] = decodeHeader(header, String(value))
  }
  checkTime(attributes['time'])
  const contentType = headers['content-type']
  if (contentType === undefined) return { ...attributes, data: isEmpty(body) ? undefined : body }
  return { ...attributes, datacontenttype: String(contentType), data: readData(String(contentType), body) }
}

/**
 * What says it is JSON and is not is handed on as the text it is: whoever handles the event refuses it and says so,
 * where a 400 would make the broker drop it without a trace.
 */
function readData(contentType: string, body: unknown): unknown {
  if (/^text\//i.test(contentType)) return textOf(body)
  if (!/[/+]json\s*(;|$)/i.test(contentType)) return body
  try {
    return parseJson(body)
  } catch {
    return textOf(body)
  }
}

const isEmpty = (body: unknown) =>
  body === undefined || body === null || body === '' || (body instanceof Uint8Array && body.length === 0)

const textOf = (body: unknown): unknown =>
  body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : body

function checkTime(time: unknown): void {
  if (time !== undefined && !moment.safeParse(time).success) {
    throw malformed('The attribute time is no RFC 3339 moment with a zone.')
  }
}

function parseJson(body: unknown): unknown {
  const text = textOf(body)
  // A framework has parsed it already.
  if (typeof text !== 'string') return text
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('The data is not valid JSON.')
  }
}

/** Unquoted (older senders quote), then one round of percent-decoding (HTTP binding 3.1.3.2). */
function decodeHeader(name: string, value: string): string {
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(value)?.[1]
  const text = quoted === undefined ? value : quoted.replaceAll(/\\(.)/g, '$1')
  try {
    // A percent sign that encodes nothing is kept as it is.
    return decodeURIComponent(text.replaceAll(/%(?![0-9a-f]{2})/gi, '%25'))
  } catch {
    throw malformed(`${name} holds bytes that are no UTF-8.`)
  }
}

/** Space, `"`, `%` and everything outside printable ASCII (HTTP binding 3.1.3.2). */
const mustEncode = /[^\x21-\x7e]|["%]/gu

/** An event in binary mode: headers and body of a request or a reply. */
export function encodeBinary(event: HttpEvent): { headers: Record<string, string>; body: string } {
  const message = HTTP.binary(event)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(message.headers)) {
    const text = String(value)
    headers[name.toLowerCase()] = name.startsWith('ce-')
      ? text.replace(mustEncode, (char) => encodeURIComponent(char))
      : text
  }
  return {
    headers,
    body: typeof message.body === 'string' ? message.body : JSON.stringify(event.data ?? null),
  }
}
