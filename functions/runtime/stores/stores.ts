import type { Publish } from '../broker/publisher.ts'
import type { Cache } from '../cache/cache.ts'
import type { Database } from '../database/database.ts'
import type { Objects } from '../objects/objects.ts'
import type { Registry } from '../registry/registry.ts'

/** Everything outside the process that a function may stand on. */
export interface Stores {
  readonly database: Database
  readonly cache: Cache
  readonly objects: Objects
  readonly registry: Registry
  /** Hands an event to the broker. */
  readonly publish: Publish
}
