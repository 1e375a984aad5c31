import { Redis } from 'ioredis'
import { asError, ConfigError, NotNowError } from '../errors/errors.ts'
import type { Log } from '../logging/logger.ts'
import type { Cache } from './cache.ts'
import { createChannels } from './channels.ts'

export interface RedisCacheOptions {
  /** redis://… or a path of a UNIX socket; may hold a password and is never logged. */
  readonly url: string
  readonly log: Log
  /** Before every key and channel, so that several bundles can share a server. */
  readonly prefix?: string
  readonly commandTimeoutMs?: number
  readonly maxListeners?: number
}

/** Quick to fail: a command is not kept for a server that is away, because whoever asks has another way. */
const behaviour = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  connectTimeout: 2_000,
  retryStrategy: (attempt: number) => Math.min(100 * 2 ** Math.min(attempt, 5), 2_000),
} as const

/** One script, so that a process killed between the two commands leaves no key without an end. */
const increment = `local sum = redis.call('INCR', KEYS[1])
if sum == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return sum`

/**
 * The cache that replicas share. Starts without the server, too, and comes back with it.
 * @throws ConfigError where the server refuses the user name or the password
 */
export async function openRedisCache(options: RedisCacheOptions): Promise<Cache> {
  const { url, log, prefix = 'soccer:', commandTimeoutMs = 1_000 } = options
  const commands = new Redis(url, { ...behaviour, commandTimeout: commandTimeoutMs })
  const listening = commands.duplicate({ autoResubscribe: false })
  for (const client of [commands, listening]) tellOfConnection(client, log)
  const channels = createListeners(listening, options, prefix)
  const hearAgain = () => channels.startHearing().catch(() => undefined)
  const refused = await connectBoth(commands, listening)
  if (refused) throw new ConfigError([{ path: 'REDIS_URL', message: refused }])
  if (listening.status === 'ready') await hearAgain()
  listening.on('ready', () => void hearAgain())

  const orUnavailable = async <T>(command: () => Promise<T>): Promise<T> => {
    try {
      return await command()
    } catch (thrown) {
      if (thrown instanceof NotNowError || thrown instanceof RangeError) throw thrown
      throw new NotNowError('cache_unavailable', 'The cache does not answer.', {
        cause: withoutCommand(thrown),
      })
    }
  }
  return {
    get: (key) => orUnavailable(async () => (await commands.get(prefix + key)) ?? undefined),
    set: (key, value, ttlMs) =>
      orUnavailable(async () => void (await commands.set(prefix + key, value, 'PX', wholeTtl(ttlMs)))),
    setIfAbsent: (key, value, ttlMs) =>
      orUnavailable(
        async () => (await commands.set(prefix + key, value, 'PX', wholeTtl(ttlMs), 'NX')) === 'OK',
      ),
    increment: (key, ttlMs) =>
      orUnavailable(async () => Number(await commands.eval(increment, 1, prefix + key, wholeTtl(ttlMs)))),
    delete: (key) => orUnavailable(async () => void (await commands.del(prefix + key))),
    publish: (channel, message) =>
      orUnavailable(async () => void (await commands.publish(prefix + channel, message))),
    subscribe: (channel, listener) => orUnavailable(() => channels.subscribe(prefix + channel, listener)),
    ping: () => orUnavailable(async () => void (await commands.ping())),
    close() {
      channels.clear()
      for (const client of [commands, listening]) client.disconnect()
      return Promise.resolve()
    },
  }
}

/** Why the server will never let us in; undefined where it did, or where it is away. */
async function connectBoth(commands: Redis, listening: Redis): Promise<string | undefined> {
  let refused = false
  // The rejection of `connect` only says that the connection is closed.
  const hear = ({ message }: Error) => (refused ||= /^(WRONGPASS|NOAUTH|NOPERM)/.test(message))
  for (const client of [commands, listening]) client.on('error', hear)
  await Promise.all([commands, listening].map((client) => client.connect().catch(() => undefined)))
  for (const client of [commands, listening]) {
    client.off('error', hear)
    if (refused) client.disconnect()
  }
  return refused ? 'Redis refuses the user name or the password' : undefined
}

/** An error of ioredis carries the command it answers with all its arguments, the password of AUTH among them. */
function withoutCommand(thrown: unknown): Error {
  return new Error(asError(thrown).message)
}

function wholeTtl(ttlMs: number): number {
  if (Number.isSafeInteger(ttlMs) && ttlMs > 0) return ttlMs
  throw new RangeError(`A key lives for a whole number of milliseconds above 0, not ${ttlMs}.`)
}

/**
 * Every message of the prefix comes to everybody who listens to anything, and is sorted here: two round trips less for
 * each who waits than a subscription of his own.
 */
function createListeners(client: Redis, { log, maxListeners }: RedisCacheOptions, prefix: string) {
  const channels = createChannels({ log, ...(maxListeners === undefined ? {} : { maxListeners }) })
  let hearing = false
  client.on('pmessage', (_pattern: string, channel: string, message: string) =>
    channels.publish(channel, message),
  )
  client.on('close', () => (hearing = false))
  const startHearing = async () => {
    await client.psubscribe(`${prefix}*`)
    hearing = true
  }
  return {
    clear() {
      hearing = false
      channels.clear()
    },
    startHearing,
    subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>> {
      if (!hearing) return Promise.reject(new Error('not subscribed'))
      const stop = channels.listen(channel, listener)
      return Promise.resolve(() => Promise.resolve(stop()))
    },
  }
}

/** Says once that the server is gone and once that it is back; ioredis repeats every failed attempt. */
function tellOfConnection(client: Redis, log: Log): void {
  let away = false
  client.on('error', (error: Error) => {
    if (!away) log.warn({ reason: error.message }, 'the cache is away')
    away = true
  })
  client.on('ready', () => {
    if (away) log.info({}, 'the cache is back')
    away = false
  })
}
