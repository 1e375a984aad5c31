import { randomUUID } from 'node:crypto'
import { createMemoryCache } from '../../functions/runtime/cache/memory-cache.ts'
import { openRedisCache } from '../../functions/runtime/cache/redis-cache.ts'
import { recordLog } from '../support/recorded-log.ts'

import { describeCache } from './cache.ts'

describeCache('memory', () => Promise.resolve(createMemoryCache()))

// Given by npm test, which starts one.
const url = process.env['TEST_REDIS_URL']
if (url === undefined)
  console.log('skipped: the cache suite over Redis needs TEST_REDIS_URL, which npm test sets')
else describeCache('Redis', () => openRedisCache({ url, log: recordLog(), prefix: `test:${randomUUID()}:` }))
