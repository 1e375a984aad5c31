import { spawnSync } from 'node:child_process'
import { chmodSync, statSync } from 'node:fs'
import type { Owner } from './service.ts'
import { ServiceError } from './service-error.ts'

/**
 * A server that runs as another user must get through the folders above its own.
 * @param ours those of them that we may open
 */
export function letPass(folder: string, ours: readonly string[], owner: Owner): void {
  if (canEnter(folder, owner)) return
  for (const one of ours) chmodSync(one, statSync(one).mode | 0o011)
  if (canEnter(folder, owner)) return
  throw new ServiceError(
    `${folder} cannot be reached by the user of number ${owner.uid}, as whom the server runs: choose another folder (--folder).`,
  )
}

function canEnter(folder: string, owner: Owner): boolean {
  return spawnSync('test', ['-x', folder], { ...owner, cwd: '/' }).status === 0
}
