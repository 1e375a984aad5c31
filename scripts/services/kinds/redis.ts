import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findInPath, requireProgram } from '../require-program.ts'
import type { Place, Service } from '../service.ts'
import { writePrivate } from '../write-private.ts'

const timeoutMs = 2_000

export const redis: Service = {
  title: 'Redis',
  variable: 'REDIS_URL',
  needs: [],
  ports: ['main'],
  secrets: ['password'],
  startTimeoutMs: 15_000,
  stopSignal: 'SIGTERM',
  killWhenNotDurable: true,
  addressOf: ({ port, secret }) => ({
    url: `redis://:${secret('password')}@127.0.0.1:${port('main')}`,
    urls: {},
  }),
  prepare(place) {
    const find = () => findInPath('redis-server', place.environment)
    const file = requireProgram(find, ['redis-server'])
    const settings = join(place.folder, 'redis.conf')
    writePrivate(settings, describe(place))
    return Promise.resolve({ file, args: [settings] })
  },
  check: ({ url }) => askVersion(url),
}

function describe(place: Place): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${place.port('main')}`,
    `requirepass ${place.secret('password')}`,
    `dir "${place.folder}"`,
    'save ""',
    'appendonly yes',
    `appendfsync ${place.durable ? 'everysec' : 'no'}`,
    'daemonize no',
  ]
  return `${lines.join('\n')}\n`
}

async function askVersion(url: string): Promise<string> {
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    // It waits so long for a connection to close that could not be opened, and we with it.
    disconnectTimeout: 100,
    retryStrategy: () => null,
  })
  // ioredis says why it cannot connect by this event alone.
  let reason: Error | undefined
  client.on('error', (error: Error) => {
    reason = error
  })
  try {
    await client.connect()
    await client.ping()
    return /^redis_version:(\S+)/m.exec(await client.info('server'))?.[1] ?? ''
  } catch (thrown) {
    throw reason ?? thrown
  } finally {
    client.disconnect()
  }
}
