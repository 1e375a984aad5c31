import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { ChampionFiles } from './build-champion.ts'

/**
 * Puts the files where the folder was. They are written beside it first: a crash leaves the old champion or the new one,
 * or for the blink between two renames none, never a mixture.
 */
export async function storeChampion(folder: string, files: ChampionFiles): Promise<void> {
  const target = resolve(folder)
  await mkdir(dirname(target), { recursive: true })
  const fresh = await mkdtemp(join(dirname(target), `.${basename(target)}-`))
  try {
    for (const [name, bytes] of Object.entries(files)) await writeFile(join(fresh, name), bytes)
    // mkdtemp makes folders for the owner only; a model is read by whoever serves it.
    await chmod(fresh, 0o755)
    const old = `${fresh}-old`
    const hadOld = await renameIfPresent(target, old)
    await rename(fresh, target)
    if (hadOld) await rm(old, { recursive: true })
  } finally {
    await rm(fresh, { recursive: true, force: true })
  }
}

/** @returns whether there was anything to rename */
async function renameIfPresent(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
