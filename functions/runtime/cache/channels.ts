import { asError, NotNowError } from '../errors/errors.ts'
import type { Log } from '../logging/logger.ts'

export interface ChannelOptions {
  readonly maxListeners?: number
  readonly log?: Pick<Log, 'error'>
}

export type Listener = (message: string) => void

/** Who in this process listens to what. */
export function createChannels({ maxListeners = 10_000, log }: ChannelOptions) {
  const channels = new Map<string, Set<{ listener: Listener }>>()
  let count = 0

  function tell({ listener }: { listener: Listener }, message: string): void {
    try {
      listener(message)
    } catch (thrown) {
      log?.error({ err: asError(thrown) }, 'a listener of the cache failed')
    }
  }

  return {
    publish(channel: string, message: string): void {
      const heard = [...(channels.get(channel) ?? [])]
      queueMicrotask(() => {
        for (const one of heard) if (channels.get(channel)?.has(one)) tell(one, message)
      })
    },
    listen(channel: string, listener: Listener): () => void {
      if (count >= maxListeners) {
        throw new NotNowError('cache_unavailable', `More than ${maxListeners} are listening already.`)
      }
      // An object of its own, so that the same function may listen twice.
      const one = { listener }
      const here = channels.get(channel) ?? new Set()
      channels.set(channel, here.add(one))
      count += 1
      return () => {
        if (!here.delete(one)) return
        count -= 1
        if (here.size === 0) channels.delete(channel)
      }
    },
    clear(): void {
      for (const here of channels.values()) here.clear()
      channels.clear()
      count = 0
    },
  }
}
