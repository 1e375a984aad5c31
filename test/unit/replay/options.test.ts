import { expect } from 'chai'
import { readOptions } from '../../../scripts/replay/options.ts'
import { UsageError } from '../../../scripts/usage-error.ts'

const contradictions: [string[], string][] = [
  [['--journal', 'stream', '--dead-letters', 'all'], 'excludes'],
  [['--file', 'x.json', '--dead-letters', 'all'], 'excludes'],
  [['--compare', '--to', 'broker'], 'wants an address'],
  [['--compare', '--to', 'http://x', '--dead-letters', 'all'], 'nothing to compare'],
  [['--redrive', '--to', 'broker'], 'wants --dead-letters'],
  [['--redrive', '--dead-letters', 'all'], 'wants --to'],
  [['--to', 'brokers'], 'neither an address nor broker'],
  [['--where', 'nothing'], 'no condition'],
]

describe('the options of replay', () => {
  for (const [args, fault] of contradictions)
    it(`refuse ${args.join(' ')}`, () => {
      expect(() => readOptions(args)).to.throw(UsageError, fault)
    })

  it('name every contradiction at once', () => {
    expect(() => readOptions(['--compare', '--redrive', '--to', 'broker'])).to.throw(
      /wants an address.*wants --dead-letters/,
    )
  })
})
