import { createMemoryCache } from '../../functions/runtime/cache/memory-cache.ts'
import { describeCache } from './cache.ts'

describeCache('memory', () => Promise.resolve(createMemoryCache()))
