import { expect } from 'chai'
import { readOptions } from '../../../scripts/services/options.ts'
import { UsageError } from '../../../scripts/usage-error.ts'

describe('options of services', () => {
  it('means what the stack needs, and for down whatever runs', () => {
    expect(readOptions(['up']).names).to.deep.equal(['postgres', 'redis', 'rabbitmq'])
    expect(readOptions(['status', 'all']).names).to.have.length(7)
    expect(readOptions(['down']).names).to.deep.equal(readOptions(['up', 'all']).names)
  })

  it('takes names in any order, each once', () => {
    expect(readOptions(['logs', 'nginx', 'redis', 'nginx', '--follow'])).to.deep.include({
      command: 'logs',
      names: ['redis', 'nginx'],
      follow: true,
      lines: 20,
    })
  })

  it('shows the help without a command', () => expect(readOptions(['--help']).help).to.equal(true))

  const wrong = [
    [],
    ['start'],
    ['up', 'mysql'],
    ['logs', '--lines', 'all'],
    ['up', '--follow'],
    ['up', '--folder', ''],
  ]
  for (const args of wrong) {
    it(`refuses ${args.join(' ') || 'nothing at all'}`, () => {
      expect(() => readOptions(args)).to.throw(UsageError)
    })
  }
})
