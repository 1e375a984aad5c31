import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Publish } from '../broker/publisher.ts'
import { createMemoryCache } from '../cache/memory-cache.ts'
import { openRedisCache } from '../cache/redis-cache.ts'
import { openDatabase } from '../database/database.ts'
import { startEmbeddedPostgres } from '../database/embedded-postgres.ts'
import { migrate } from '../database/migrate.ts'
import type { Lifecycle } from '../lifecycle/lifecycle.ts'
import type { Logger } from '../logging/logger.ts'
import { openFolderObjects } from '../objects/folder-objects.ts'
import { openFolderRegistry } from '../registry/folder-registry.ts'
import type { Stores } from './stores.ts'

export interface StoreSettings {
  readonly DATABASE_URL?: string | undefined
  readonly REDIS_URL?: string | undefined
  readonly DATA_DIR: string
  readonly MODEL_DIR: string
}

interface Needs {
  readonly log: Logger
  readonly lifecycle: Lifecycle
  readonly publish: Publish
}

const migrations = fileURLToPath(new URL('../database/migrations/', import.meta.url))

/** Opens each store: the real one where its URL is given, else the embedded one in the data folder. */
export async function openStores(
  settings: StoreSettings,
  { log, lifecycle, publish }: Needs,
): Promise<Stores> {
  await mkdir(settings.DATA_DIR, { recursive: true })
  const url = settings.DATABASE_URL ?? (await startEmbedded(settings.DATA_DIR, lifecycle))
  const database = await openDatabase({ url, log })
  lifecycle.onStop('database', () => database.close())
  await migrate(database, migrations)
  const { REDIS_URL: redisUrl } = settings
  const cache =
    redisUrl === undefined ? createMemoryCache({ log }) : await openRedisCache({ url: redisUrl, log })
  lifecycle.onStop('cache', () => cache.close())
  return {
    database,
    cache,
    objects: openFolderObjects(join(settings.DATA_DIR, 'objects')),
    registry: openFolderRegistry(settings.MODEL_DIR),
    publish,
  }
}

async function startEmbedded(dataDir: string, lifecycle: Lifecycle): Promise<string> {
  const embedded = await startEmbeddedPostgres(join(dataDir, 'postgres'))
  lifecycle.onStop('embedded PostgreSQL', () => embedded.stop())
  return embedded.url
}
