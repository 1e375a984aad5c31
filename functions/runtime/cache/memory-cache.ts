import { NotNowError } from '../errors/errors.ts'
import type { Log } from '../logging/logger.ts'
import type { Cache } from './cache.ts'
import { createChannels } from './channels.ts'
import { createRecentEntries } from './recent-entries.ts'

export interface MemoryCacheOptions {
  readonly maxKeys?: number
  /** Keys and values together, two bytes a character. */
  readonly maxBytes?: number
  readonly maxListeners?: number
  readonly now?: () => number
  readonly log?: Pick<Log, 'error'>
}

/** The cache of one process. When it is full, what was not used for longest goes first. No timer runs. */
export function createMemoryCache(options: MemoryCacheOptions = {}): Cache {
  const { maxKeys = 50_000, maxBytes = 64 * 1_048_576, now = Date.now } = options
  const entries = createRecentEntries({ maxKeys, maxBytes, now })
  const channels = createChannels(options)
  let closed = false

  /** Runs later, as over a network, so that no caller comes to rely on an answer within the same turn. */
  async function whileOpen<T>(action: () => T): Promise<T> {
    await Promise.resolve()
    if (closed) throw new NotNowError('cache_unavailable', 'The cache is closed.')
    return action()
  }

  return {
    get: (key) => whileOpen(() => entries.get(key)),
    set: (key, value, ttlMs) => whileOpen(() => entries.set(key, value, ttlMs)),
    setIfAbsent: (key, value, ttlMs) =>
      whileOpen(() => {
        if (entries.get(key) !== undefined) return false
        entries.set(key, value, ttlMs)
        return true
      }),
    increment: (key, ttlMs) => whileOpen(() => entries.increment(key, ttlMs)),
    delete: (key) => whileOpen(() => entries.delete(key)),
    publish: (channel, message) => whileOpen(() => channels.publish(channel, message)),
    subscribe: (channel, listener) =>
      whileOpen(() => {
        const stop = channels.listen(channel, listener)
        return () => Promise.resolve(stop())
      }),
    ping: () => whileOpen(() => undefined),
    close() {
      closed = true
      entries.clear()
      channels.clear()
      return Promise.resolve()
    },
  }
}
