import { expect } from 'chai'
import { z } from 'zod'
import { readConfig } from '../../../functions/runtime/config/read-config.ts'
import { durationMs, port } from '../../../functions/runtime/config/variables.ts'
import { ConfigError } from '../../../functions/runtime/errors/errors.ts'

const schema = z.object({
  PORT: port.default(8080),
  TIMEOUT_MS: durationMs.default(500),
  DATABASE_URL: z.url().optional(),
})

const faultsOf = (environment: Record<string, string>) => {
  try {
    readConfig(schema, environment)
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown
    throw thrown
  }
  throw new Error('the configuration was taken')
}

describe('configuration', () => {
  it('uses defaults for what is absent or empty, and ignores what it does not know', () => {
    expect(readConfig(schema, { PORT: '', HOME: '/root' })).to.deep.equal({ PORT: 8080, TIMEOUT_MS: 500 })
  })

  it('reads numbers from text', () => {
    expect(readConfig(schema, { PORT: '9000', TIMEOUT_MS: '20' })).to.deep.equal({
      PORT: 9000,
      TIMEOUT_MS: 20,
    })
  })

  it('reports every fault at once, by name', () => {
    const error = faultsOf({ PORT: '70000', TIMEOUT_MS: 'soon', DATABASE_URL: 'nowhere' })
    expect(error.faults.map((fault) => fault.path)).to.deep.equal(['PORT', 'TIMEOUT_MS', 'DATABASE_URL'])
    for (const name of ['PORT', 'TIMEOUT_MS', 'DATABASE_URL']) expect(error.message).to.contain(name)
  })

  it('says of a variable that is absent that it is required', () => {
    const required = z.object({ SITE_URL: z.url() })
    expect(() => readConfig(required, {})).to.throw('SITE_URL: is required')
    expect(() => readConfig(required, { SITE_URL: 'x' })).to.throw(/SITE_URL: Invalid/)
  })

  it('never repeats a value: it may be a secret', () => {
    expect(faultsOf({ DATABASE_URL: 'hunter2' }).message).to.not.contain('hunter2')
  })

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(readConfig(schema, {}))).to.equal(true)
  })
})
