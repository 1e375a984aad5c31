import { expect } from 'chai'
import { z } from 'zod'
import { watchDatabase } from '../../../functions/predict/watch-database.ts'
import { NotNowError } from '../../../functions/runtime/errors/errors.ts'
import { eventually } from '../../support/eventually.ts'
import { rejectionOf } from '../../support/rejection.ts'

describe('watching the database', () => {
  const statement = { name: 'test', text: 'select 1', values: [] }
  let failure: Error | undefined
  let pings = 0
  const answer = () => (failure ? Promise.reject(failure) : Promise.resolve([]))
  const double = { query: answer, ping: () => answer().then(() => void pings++) }
  beforeEach(() => {
    failure = undefined
    pings = 0
  })

  it('learns from a query that it is away, and from the next that it is back', async () => {
    const watched = watchDatabase(double, 60_000)
    expect(watched.isAway()).to.equal(false)
    failure = new NotNowError('database_unavailable', 'away')
    expect(await rejectionOf(watched.query(statement, z.never()))).to.equal(failure)
    expect(watched.isAway()).to.equal(true)
    failure = undefined
    await watched.query(statement, z.never())
    expect(watched.isAway()).to.equal(false)
    await watched.close()
  })

  it('learns the same while nobody asks, and asks no more once it is closed', async () => {
    const watched = watchDatabase(double, 5)
    failure = new NotNowError('database_unavailable', 'away')
    await eventually(() => watched.isAway())
    failure = undefined
    await eventually(() => !watched.isAway())
    await watched.close()
    const asked = pings
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(pings).to.equal(asked)
  })

  it('does not take a faulty statement for a database that is away', async () => {
    const watched = watchDatabase(double, 60_000)
    failure = new Error('syntax')
    expect(await rejectionOf(watched.query(statement, z.never()))).to.equal(failure)
    expect(watched.isAway()).to.equal(false)
    await watched.close()
  })
})
