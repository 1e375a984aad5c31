import { expect } from 'chai'
import {
  createMessageReader,
  encodeFatal,
  encodeQuery,
  stateAfter,
} from '../../../functions/runtime/database/wire-messages.ts'

// Byte for byte as the protocol's page gives them.
const sslRequest = Buffer.from('0000000804d2162f', 'hex')
const cancelRequest = Buffer.from('0000001004d2162e0000000100000002', 'hex')
const startup = Buffer.from('000000120003000075736572007067000000', 'hex')
const query = Buffer.from('510000000d73656c656374203100', 'hex')
const sync = Buffer.from('5300000004', 'hex')
const terminate = Buffer.from('5800000004', 'hex')

describe('wire messages', () => {
  it('tells the messages of a session apart, however they are cut', () => {
    const all = Buffer.concat([sslRequest, startup, query, sync, terminate])
    const expected = [
      'encryption',
      startup.toString('hex'),
      query.toString('hex'),
      sync.toString('hex'),
      'terminate',
    ]
    for (const size of [1, 2, 3, 7, 8, all.length]) {
      const read = createMessageReader()
      const found: string[] = []
      for (let at = 0; at < all.length; at += size) {
        for (const message of read(all.subarray(at, at + size))) {
          found.push(message.kind === 'forward' ? message.bytes.toString('hex') : message.kind)
        }
      }
      expect(found, `cut into ${size}`).to.deep.equal(expected)
    }
  })

  it('knows a request to cancel', () => {
    expect(createMessageReader()(cancelRequest)).to.deep.equal([{ kind: 'cancel' }])
  })

  it('takes no nonsense and nothing too large', () => {
    expect(() => createMessageReader()(Buffer.from('GET / HTTP/1.1\r\n'))).to.throw(/1195725856 bytes/)
    const read = createMessageReader()
    read(startup)
    expect(() => read(Buffer.from('5100000003', 'hex'))).to.throw(/4 bytes/)
    const other = createMessageReader()
    other(startup)
    expect(() => other(Buffer.from('5104000001', 'hex'))).to.throw(/67108866 bytes/)
  })

  it('finds statements that wait for rows of the client', () => {
    const kindOf = (text: string) => {
      const read = createMessageReader()
      read(startup)
      return read(encodeQuery(text))[0]?.kind
    }
    expect(kindOf('COPY  t (a, b)\n FROM STDIN with csv')).to.equal('copyIn')
    expect(kindOf('copy (select * from t) to stdout')).to.equal('forward')
    expect(kindOf("copy t to stdout; select 'from stdin'")).to.equal('forward')
  })

  it('reads the state of the session off the end of an answer', () => {
    const complete = '430000000d53454c454354203100'
    for (const [end, state] of [
      ['5a0000000549', 'idle'],
      ['5a0000000554', 'transaction'],
      ['5a0000000545', 'failed'],
      ['', 'busy'],
    ] as const) {
      expect(stateAfter(Buffer.from(complete + end, 'hex'))).to.equal(state)
    }
    expect(stateAfter(Buffer.alloc(0))).to.equal('busy')
  })

  it('says why a session ends', () => {
    expect(encodeFatal('53300', 'no').toString('latin1')).to.equal(
      'E\0\0\0\x1eSFATAL\0VFATAL\0C53300\0Mno\0\0',
    )
  })
})
