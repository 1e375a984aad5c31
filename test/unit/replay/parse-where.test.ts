import { expect } from 'chai'
import type { Event } from '../../../functions/runtime/broker/publisher.ts'
import { parseWhere } from '../../../scripts/replay/parse-where.ts'
import { UsageError } from '../../../scripts/usage-error.ts'

const event: Event = {
  specversion: '1.0',
  id: '1',
  source: '/soccer/predict',
  type: 'test.asked',
  subject: '7',
  data: { match_id: 123, home: { name: 'A. Player = captain' }, list: [{ n: 4 }], none: null, ok: true },
}

const truths: [string, boolean][] = [
  ['data.match_id=123', true],
  ['data.match_id=124', false],
  ['data.match_id!=124', true],
  [' data.match_id = 123 ', true],
  ['source=/soccer/predict', true],
  ['source!=/soccer/predict', false],
  ['data.home.name=A. Player = captain', true],
  ['data.list.0.n=4', true],
  ['data.none=null', true],
  ['data.ok=true', true],
  ['data.match_id>99', true],
  ['data.match_id>123', false],
  ['data.match_id>=123', true],
  ['data.match_id<1000', true],
  ['data.match_id<=122', false],
  ['type<test.b', true],
  // What is absent equals the empty text and has no place in an order.
  ['replayof=', true],
  ['replayof!=', false],
  ['subject!=', true],
  ['data.absent.deep=', true],
  ['data.absent<5', false],
  // Members that every object inherits are not of the event.
  ['data.constructor=', true],
  ['data.__proto__=', true],
  ['data.list.length=', false],
]

const faults: [string, string][] = [
  ['data.match_id', 'no condition'],
  ['=5', 'is no attribute'],
  ['Type=x', 'is no attribute'],
  ['subject.name=x', 'only data has members'],
  ['data..x=1', 'is no member'],
  ['data.a[0]=1', 'is no member'],
  ['process.exit()=1', 'only data has members'],
]

describe('a condition of --where', () => {
  for (const [text, expected] of truths)
    it(`${text} is ${expected}`, () => {
      expect(parseWhere(text).isTrue(event)).to.equal(expected)
    })

  for (const [text, fault] of faults)
    it(`refuses ${text}, and says why`, () => {
      expect(() => parseWhere(text)).to.throw(UsageError, fault)
    })
})
