import { expect } from 'chai'
import { readOptions } from '../../../scripts/bench/options.ts'
import { UsageError } from '../../../scripts/usage-error.ts'

describe('options of bench', () => {
  it('has defaults for everything but what to measure', () => {
    expect(readOptions(['path'])).to.deep.equal({
      help: false,
      over: 'memory',
      quick: false,
      seconds: 10,
      rounds: 3,
      kinds: ['stored', 'computed'],
    })
  })

  it('is short with --quick where nothing else is said', () => {
    expect(readOptions(['path', '--quick'])).to.include({ seconds: 2, rounds: 1 })
    expect(readOptions(['path', '--quick', '--seconds', '7'])).to.include({ seconds: 7, rounds: 1 })
  })

  it('takes one kind, another bundle, a running service', () => {
    expect(readOptions(['path', '--only', 'computed']).kinds).to.deep.equal(['computed'])
    expect(readOptions(['path', '--over', 'stack']).over).to.equal('stack')
    expect(readOptions(['path', '--url', 'http://localhost:8080']).url).to.equal('http://localhost:8080')
  })

  it('needs to be told what to measure, but not for help', () => {
    expect(() => readOptions([])).to.throw(UsageError, 'Say what to measure: path.')
    expect(() => readOptions(['paths'])).to.throw(UsageError)
    expect(() => readOptions(['path', 'path'])).to.throw(UsageError)
    expect(readOptions(['--help']).help).to.equal(true)
  })

  it('names every fault', () => {
    const wrong = ['path', '--over', 'air', '--seconds', '0', '--only', 'some', '--url', 'ftp://x']
    expect(() => readOptions(wrong)).to.throw(
      UsageError,
      /--over is memory or stack.*--url is no http:\/\/ address.*--only is stored or computed.*--seconds/,
    )
    expect(() => readOptions(['path', '--fast'])).to.throw(UsageError, /--fast/)
    expect(() => readOptions(['path', '--url', 'http://x', '--over', 'stack'])).to.throw(
      UsageError,
      /exclude/,
    )
  })
})
