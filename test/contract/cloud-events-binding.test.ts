import { expect } from 'chai'
import { type MirrorFunction, startMirrorFunction } from '../support/mirror-function.ts'

/**
 * What `serve` understands, by every MUST of the CloudEvents HTTP protocol binding 1.0.2 for a receiver, and of the JSON
 * event format it builds on.
 */

type Seen = Readonly<Record<string, unknown>>

interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

const required = { specversion: '1.0', id: 'e1', source: '/test', type: 'test.mirror' }
const binaryHeaders = {
  'ce-specversion': '1.0',
  'ce-id': 'e1',
  'ce-source': '/test',
  'ce-type': 'test.mirror',
}
const json = { 'content-type': 'application/json' }
const structuredType = { 'content-type': 'application/cloudevents+json' }

describe('CloudEvents HTTP binding: receiving', () => {
  let mirror: MirrorFunction
  before(async () => {
    mirror = await startMirrorFunction()
  })
  after(() => mirror.close())

  const post = async (headers: Record<string, string>, body: string | Uint8Array): Promise<Answer> => {
    const answer = await fetch(mirror.url, { method: 'POST', headers, body: Buffer.from(body) })
    const text = await answer.text()
    return {
      status: answer.status,
      headers: answer.headers,
      body: text === '' ? undefined : JSON.parse(text),
    }
  }
  const seenIn = async (headers: Record<string, string>, body: string | Uint8Array): Promise<Seen> => {
    const { status, body: seen } = await post(headers, body)
    expect(status, JSON.stringify(seen)).to.equal(200)
    return seen as Seen
  }
  const seenInBinary = (more: Record<string, string>, body: string | Uint8Array = '{"n":1}') =>
    seenIn({ ...binaryHeaders, ...json, ...more }, body)
  const structured = (event: unknown, contentType = 'application/cloudevents+json') =>
    post({ 'content-type': contentType }, JSON.stringify(event))

  it('1.4: reads the JSON event format', async () => {
    const { status, body } = await structured({ ...required, subject: 's', data: { n: 1 } })
    expect(status).to.equal(200)
    expect(body).to.include({ id: 'e1', source: '/test', subject: 's' })
    expect((body as Seen)['data']).to.deep.equal({ n: 1 })
  })

  it('3: takes the mode from the start of the content type, in any case and with parameters', async () => {
    for (const type of [
      'application/cloudevents+json; charset=UTF-8',
      'Application/CloudEvents+JSON',
      'application/cloudevents',
    ]) {
      const { status, body } = await structured({ ...required, data: 1 }, type)
      expect(status, type).to.equal(200)
      expect(body, type).to.include({ id: 'e1', data: 1 })
    }
  })

  it('3: binary unless the content type says otherwise, whatever the body looks like', async () => {
    const inner = { ...required, id: 'inner' }
    const seen = await seenInBinary({}, JSON.stringify(inner))
    expect(seen).to.include({ id: 'e1' })
    expect(seen['data']).to.deep.equal(inner)
  })

  it('3: the payload counts in structured mode, not headers beside it (3.2.3)', async () => {
    const seen = await seenIn(
      { ...structuredType, ...binaryHeaders, 'ce-id': 'from-the-header' },
      JSON.stringify({ ...required, data: {} }),
    )
    expect(seen).to.include({ id: 'e1' })
  })

  it('3: a batch, which nobody solicited, and formats it cannot handle are refused with 415', async () => {
    for (const type of ['application/cloudevents-batch+json', 'application/cloudevents+avro']) {
      const { status, headers } = await structured([required], type)
      expect(status, type).to.equal(415)
      expect(headers.get('content-type'), type).to.contain('application/problem+json')
    }
  })

  it('3: what has not all the required attributes is no event', async () => {
    for (const name of ['ce-specversion', 'ce-id', 'ce-source', 'ce-type']) {
      const headers = Object.fromEntries(
        Object.entries({ ...binaryHeaders, ...json }).filter(([n]) => n !== name),
      )
      expect((await post(headers, '{}')).status, name).to.equal(400)
      const event = Object.entries(required).filter(([n]) => `ce-${n}` !== name)
      expect((await structured(Object.fromEntries(event))).status, name).to.equal(400)
    }
  })

  it('3.1.1: datacontenttype is the Content-Type header, parameters included', async () => {
    const seen = await seenInBinary({ 'content-type': 'application/json; charset=utf-8' })
    expect(seen).to.include({ datacontenttype: 'application/json; charset=utf-8' })
    expect(seen['data']).to.deep.equal({ n: 1 })
  })

  it('3.1.1: a ce-datacontenttype header never wins over Content-Type', async () => {
    expect(await seenInBinary({ 'ce-datacontenttype': 'text/plain' })).to.include({
      datacontenttype: 'application/json',
    })
  })

  it('3.1.2: the body is the data, byte for byte', async () => {
    const text = await seenInBinary({ 'content-type': 'text/plain; charset=utf-8' }, 'Hello, 🌎!')
    expect(text['data']).to.equal('Hello, 🌎!')
    const xml = await seenInBinary({ 'content-type': 'application/xml' }, '<a>ü</a>')
    expect(xml['data']).to.deep.equal({ bytes: [...Buffer.from('<a>ü</a>')] })
    const bytes = new Uint8Array([0, 255, 128, 10, 13, 254])
    const binary = await seenInBinary({ 'content-type': 'application/octet-stream' }, bytes)
    expect(binary['data']).to.deep.equal({ bytes: [0, 255, 128, 10, 13, 254] })
  })

  it('3.1.2: JSON data may be any JSON value', async () => {
    for (const value of ['text', '{"n":1}', '', 5, true, null, [1], { n: 1 }]) {
      const seen = await seenInBinary({}, JSON.stringify(value))
      expect(seen['data'], JSON.stringify(value)).to.deep.equal(value)
      const { body } = await structured({ ...required, datacontenttype: 'application/json', data: value })
      expect((body as Seen)['data'] ?? null, JSON.stringify(value)).to.deep.equal(value)
    }
  })

  it('3.1.2: data without a content type is kept', async () => {
    const seen = await seenIn(binaryHeaders, new Uint8Array([123, 125]))
    expect(seen['data']).to.deep.equal({ bytes: [123, 125] })
  })

  it('3.1.3: maps each header to its attribute, extensions too, in any case of the name', async () => {
    const seen = await seenInBinary({
      'CE-Subject': 's1',
      'Ce-DataSchema': 'urn:x',
      'ce-time': '2026-11-23T12:00:00Z',
      'CE-CorrelationID': 'c1',
    })
    expect(seen).to.include({ subject: 's1', dataschema: 'urn:x', correlationid: 'c1' })
    expect(new Date(String(seen['time'])).toISOString()).to.equal('2026-11-23T12:00:00.000Z')
  })

  it('3.1.3.2: one round of percent-decoding, lower case and needless encoding included', async () => {
    const seen = await seenInBinary({
      'ce-subject': 'Euro%20%E2%82%AC%20%F0%9F%98%80',
      'ce-lower': '%c3%bc',
      'ce-needless': '%41%42',
      'ce-once': '%2541',
    })
    expect(seen).to.include({ subject: 'Euro € 😀', lower: 'ü', needless: 'AB', once: '%41' })
  })

  it('3.1.3.2: double-quoted values of older senders are unquoted before that', async () => {
    const seen = await seenInBinary({
      'ce-subject': '"two words"',
      'ce-escaped': '"say \\"yes\\" \\\\ no"',
      'ce-both': '"50%25 off"',
    })
    expect(seen).to.include({ subject: 'two words', escaped: 'say "yes" \\ no', both: '50% off' })
  })

  it('3.1.3.2: bytes that are no UTF-8 are refused', async () => {
    for (const value of ['%C0%A0', '%FF', 'a%E2%82']) {
      const { status } = await post({ ...binaryHeaders, ...json, 'ce-subject': value }, '{}')
      expect(status, value).to.equal(400)
    }
  })

  it('JSON format 3.1: data_base64 is the data, as bytes', async () => {
    const event = { ...required, datacontenttype: 'application/octet-stream', data_base64: 'AP+A' }
    const { status, body } = await structured(event)
    expect(status).to.equal(200)
    expect((body as Seen)['data']).to.deep.equal({ bytes: [0, 255, 128] })
  })

  it('JSON format 3.1: data and data_base64 together are refused', async () => {
    expect((await structured({ ...required, data: 1, data_base64: 'AP+A' })).status).to.equal(400)
  })

  it('JSON format 3.1: data that is a string stays one, and null is no data', async () => {
    const text = await structured({ ...required, datacontenttype: 'text/plain', data: '{"n":1}' })
    expect((text.body as Seen)['data']).to.equal('{"n":1}')
    expect((await structured({ ...required, data: null })).status).to.equal(200)
  })

  it('core 3: unknown versions, empty required attributes and wrong times are refused', async () => {
    for (const wrong of [{ specversion: '0.3' }, { specversion: '2.0' }, { id: '' }, { time: 'yesterday' }]) {
      expect((await structured({ ...required, ...wrong })).status, JSON.stringify(wrong)).to.equal(400)
      const headers = Object.entries({ ...required, ...wrong }).map(([n, value]) => [`ce-${n}`, value])
      const answer = await post({ ...json, ...(Object.fromEntries(headers) as Record<string, string>) }, '{}')
      expect(answer.status, JSON.stringify(wrong)).to.equal(400)
    }
  })

  it('core 3: attribute names are lower-case letters and digits', async () => {
    expect((await post({ ...binaryHeaders, ...json, 'ce-not_ok': 'x' }, '{}')).status).to.equal(400)
    expect((await structured({ ...required, not_ok: 'x' })).status).to.equal(400)
  })

  it('keeps 50 requests in all modes apart', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const data = { waitMs: (n * 7) % 40, n }
        const slow = { ...required, id: `e${n}`, type: 'test.slow', subject: `s${n}` }
        const inHeaders = {
          ...json,
          ...binaryHeaders,
          'ce-id': `e${n}`,
          'ce-type': 'test.slow',
          'ce-subject': `s${n}`,
        }
        if (n % 5 === 4) return { n, answer: await post({ ...inHeaders, 'ce-id': '' }, '{}') }
        return {
          n,
          answer:
            n % 2 === 0 ? await structured({ ...slow, data }) : await post(inHeaders, JSON.stringify(data)),
        }
      }),
    )
    for (const { n, answer } of answers) {
      if (n % 5 === 4) expect(answer.status).to.equal(400)
      else {
        expect(answer.headers.get('ce-id')).to.equal(`mirror-of-e${n}`)
        expect(answer.body).to.include({ id: `e${n}`, subject: `s${n}` })
        expect((answer.body as Seen)['data']).to.include({ n })
      }
    }
  })
})
