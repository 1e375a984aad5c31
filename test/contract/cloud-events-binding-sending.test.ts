import { request } from 'node:http'
import { expect } from 'chai'
import { type MirrorFunction, startMirrorFunction } from '../support/mirror-function.ts'

/** What `serve` writes, by every MUST of the CloudEvents HTTP protocol binding 1.0.2 for a sender. */

const required = { specversion: '1.0', id: 'e1', source: '/test', type: 'test.mirror' }
const askForReply = {
  'ce-specversion': '1.0',
  'ce-id': 'e1',
  'ce-source': '/test',
  'ce-type': 'test.reply',
  'content-type': 'application/json',
}

describe('CloudEvents HTTP binding: sending', () => {
  let mirror: MirrorFunction
  before(async () => {
    mirror = await startMirrorFunction()
  })
  after(() => mirror.close())

  /** Raw, because fetch would decode and merge what is asserted here. */
  const replyWith = (
    event: unknown,
  ): Promise<{ names: string[]; headers: Record<string, unknown>; body: string }> =>
    new Promise((resolve, reject) => {
      const asking = request(mirror.url, { method: 'POST', headers: askForReply }, (answer) => {
        let body = ''
        answer.setEncoding('utf8').on('data', (part) => (body += part))
        answer.on('end', () =>
          resolve({ names: answer.rawHeaders.filter((_, n) => n % 2 === 0), headers: answer.headers, body }),
        )
      })
      asking.on('error', reject)
      asking.end(JSON.stringify(event))
    })
  const reply = {
    ...required,
    type: 'test.replied',
    time: '2026-11-23T12:00:00.000Z',
    datacontenttype: 'application/json; charset=utf-8',
    data: { name: 'Beşiktaş' },
  }

  it('3.1.1: Content-Type is datacontenttype, and there is no ce-datacontenttype', async () => {
    const { headers } = await replyWith(reply)
    expect(headers['content-type']).to.equal('application/json; charset=utf-8')
    expect(headers).to.not.have.property('ce-datacontenttype')
  })

  it('3.1.2: the body is the data as it is', async () => {
    expect(JSON.parse((await replyWith(reply)).body)).to.deep.equal({ name: 'Beşiktaş' })
    const text = { ...reply, datacontenttype: 'text/plain', data: 'plain – text' }
    expect((await replyWith(text)).body).to.equal('plain – text')
  })

  it('3.1.3: every attribute and extension has a header of its own, once', async () => {
    const { headers, names } = await replyWith({
      ...reply,
      subject: 's1',
      dataschema: 'urn:x',
      sequence: '007',
      sampledrate: 30,
      urgent: true,
    })
    expect(headers).to.include({
      'ce-specversion': '1.0',
      'ce-id': 'e1',
      'ce-source': '/test',
      'ce-type': 'test.replied',
      'ce-time': '2026-11-23T12:00:00.000Z',
      'ce-subject': 's1',
      'ce-dataschema': 'urn:x',
      'ce-sequence': '007',
      'ce-sampledrate': '30',
      'ce-urgent': 'true',
    })
    const ours = names.map((name) => name.toLowerCase()).filter((name) => name.startsWith('ce-'))
    expect(ours).to.have.lengthOf(new Set(ours).size)
  })

  it('3.1.3.2: percent-encodes what is no printable ASCII, space, quote and percent, and only that', async () => {
    const { headers } = await replyWith({
      ...reply,
      subject: 'Euro € 😀',
      quoted: '"50%"',
      plain: "!#$&'()*+,-./:;<=>?@[]^_`{|}~",
    })
    expect(headers).to.include({
      'ce-subject': 'Euro%20%E2%82%AC%20%F0%9F%98%80',
      'ce-quoted': '%2250%25%22',
      'ce-plain': "!#$&'()*+,-./:;<=>?@[]^_`{|}~",
    })
  })

  it('1.3: replies in binary mode, never in a batch', async () => {
    expect((await replyWith(reply)).headers['content-type']).to.not.contain('cloudevents')
  })
})
