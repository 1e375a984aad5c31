import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../functions/runtime/config/read-config.ts'

/** For programs that were built or installed here; outside the repository, shared by its copies. */
export function cacheFolder(environment: Environment): string {
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'soccer-function-bundle')
}
