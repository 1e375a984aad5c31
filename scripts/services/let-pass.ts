import { spawnSync } from 'node:child_process'
import { chmodSync, statSync } from 'node:fs'
import type { Owner } from './service.ts'

/**
 * A server that runs as another user must get through the folders above its own.
 * @param ours those of them that we may open
 * @returns whether it does now
 */
export function letPass(folder: string, ours: readonly string[], owner: Owner): boolean {
  if (canEnter(folder, owner)) return true
  for (const one of ours) chmodSync(one, statSync(one).mode | 0o011)
  return canEnter(folder, owner)
}

function canEnter(folder: string, owner: Owner): boolean {
  return spawnSync('test', ['-x', folder], { ...owner, cwd: '/' }).status === 0
}
