import { expect } from 'chai'
import { RefusedError } from '../../../functions/runtime/errors/errors.ts'
import { decodeHttpEvent, encodeBinary } from '../../../functions/runtime/http/cloud-events.ts'

const binary = {
  'ce-specversion': '1.0',
  'ce-id': 'a1',
  'ce-source': '/soccer/predict',
  'ce-type': 'soccer.match.requested.v1',
  'ce-subject': '7',
  'ce-time': '2026-11-23T18:00:00Z',
  'content-type': 'application/json',
}

const structured = {
  specversion: '1.0',
  id: 'a1',
  source: '/soccer/predict',
  type: 'soccer.match.requested.v1',
  data: { match_id: 7 },
}

const refusal = (run: () => unknown) => {
  try {
    run()
  } catch (thrown) {
    if (thrown instanceof RefusedError)
      return { status: thrown.status, code: thrown.code, detail: thrown.message }
    throw thrown
  }
  throw new Error('nothing was refused')
}

describe('CloudEvents over HTTP', () => {
  it('reads a binary event from text, bytes and parsed JSON alike', () => {
    for (const body of ['{"match_id":7}', Buffer.from('{"match_id":7}'), { match_id: 7 }]) {
      const event = decodeHttpEvent(binary, body)
      expect(event).to.include({ id: 'a1', source: '/soccer/predict', subject: '7', specversion: '1.0' })
      expect(event?.data).to.deep.equal({ match_id: 7 })
    }
  })

  it('reads a structured event with extensions', () => {
    const event = decodeHttpEvent(
      { 'content-type': 'application/cloudevents+json; charset=utf-8' },
      JSON.stringify({ ...structured, correlationid: 'c1' }),
    )
    expect(event).to.include({ id: 'a1', type: 'soccer.match.requested.v1', correlationid: 'c1' })
  })

  it('takes a plain request for no event', () => {
    expect(decodeHttpEvent({ 'content-type': 'application/json' }, '{}')).to.equal(undefined)
  })

  it('percent-decodes attributes one round', () => {
    const event = decodeHttpEvent({ ...binary, 'ce-subject': 'Euro%20%E2%82%AC%2525' }, '{}')
    expect(event?.subject).to.equal('Euro €%25')
  })

  for (const missing of ['ce-id', 'ce-source', 'ce-type', 'ce-specversion']) {
    it(`refuses a binary event without ${missing}`, () => {
      const { [missing as keyof typeof binary]: _, ...rest } = binary
      expect(refusal(() => decodeHttpEvent(rest, '{}'))).to.deep.equal({
        status: 400,
        code: 'malformed_event',
        detail: `The header ${missing} is missing.`,
      })
    })
  }

  for (const version of ['0.3', '9.0', '1']) {
    it(`refuses specversion ${version}`, () => {
      expect(refusal(() => decodeHttpEvent({ ...binary, 'ce-specversion': version }, '{}')).status).to.equal(
        400,
      )
    })
  }

  it('hands on data that is not the JSON it says it is as text, for a broker would drop a refused event', () => {
    expect(decodeHttpEvent(binary, '{"match_id":')?.data).to.equal('{"match_id":')
  })

  it('refuses a structured event that is no JSON, no object, or incomplete', () => {
    const headers = { 'content-type': 'application/cloudevents+json' }
    const { id: _, ...noId } = structured
    for (const body of [
      'not json',
      '[]',
      '7',
      JSON.stringify(noId),
      JSON.stringify({ ...structured, time: 'now' }),
    ]) {
      expect(refusal(() => decodeHttpEvent(headers, body)).status).to.equal(400)
    }
  })

  it('refuses batches and unknown formats as unsupported', () => {
    for (const type of ['application/cloudevents-batch+json', 'application/cloudevents+avro']) {
      expect(refusal(() => decodeHttpEvent({ 'content-type': type }, '[]')).status).to.equal(415)
    }
  })

  it('writes what the binding asks: attributes in headers, anything but plain ASCII percent-encoded', () => {
    const { headers, body } = encodeBinary({
      ...structured,
      subject: 'Beşiktaş 7"%',
      datacontenttype: 'application/json',
      time: '2026-11-23T18:00:00Z',
    })
    expect(headers['ce-subject']).to.equal('Be%C5%9Fikta%C5%9F%207%22%25')
    expect(headers['ce-id']).to.equal('a1')
    expect(headers['content-type']).to.equal('application/json')
    expect(headers).to.not.have.property('ce-datacontenttype')
    expect(JSON.parse(body)).to.deep.equal({ match_id: 7 })
  })

  it('reads back what it wrote', () => {
    const event = { ...structured, subject: 'São Paulo 100% "x"', datacontenttype: 'application/json' }
    const { headers, body } = encodeBinary(event)
    expect(decodeHttpEvent(headers, body)).to.include({ subject: 'São Paulo 100% "x"', id: 'a1' })
  })
})
