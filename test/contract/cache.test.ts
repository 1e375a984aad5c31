import { randomUUID } from 'node:crypto'
import { inspect } from 'node:util'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createMemoryCache } from '../../functions/runtime/cache/memory-cache.ts'
import { openRedisCache } from '../../functions/runtime/cache/redis-cache.ts'
import { ConfigError } from '../../functions/runtime/errors/errors.ts'
import { recordLog } from '../support/recorded-log.ts'
import { rejectionOf } from '../support/rejection.ts'
import { describeCache } from './cache.ts'

describeCache('memory', () => Promise.resolve(createMemoryCache()))

// Given by npm test, which starts one.
const url = process.env['TEST_REDIS_URL'] ?? ''
describeCache('Redis', () => openRedisCache({ url, log: recordLog(), prefix: `test:${randomUUID()}:` }))

describe('a Redis with a password', () => {
  it('that is wrong is named as such, and shown nowhere', async () => {
    const admin = new Redis(url)
    const user = `test-${randomUUID()}`
    await admin.call('ACL', 'SETUSER', user, 'on', '>the-right-one', '~*', '&*', '+@all')
    const withPassword = (password: string) => {
      const target = new URL(url)
      target.username = user
      target.password = password
      return target.href
    }
    const log = recordLog()
    const thrown = await rejectionOf(openRedisCache({ url: withPassword('the-wrong-one'), log }))
    const cache = await openRedisCache({ url: withPassword('the-right-one'), log })
    await cache.ping()
    await cache.close()
    await admin.call('ACL', 'DELUSER', user)
    await admin.quit()
    expect(thrown).to.be.instanceOf(ConfigError)
    expect((thrown as Error).message).to.contain('REDIS_URL: Redis refuses the user name or the password')
    expect(inspect([thrown, log.lines], { depth: 10 })).to.not.match(/the-(wrong|right)-one/)
  })
})
