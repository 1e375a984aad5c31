import { randomUUID } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** No write takes this long, so an older file was left by a process that died while writing it. */
const abandonedMs = 3_600_000

/** Writes beside (in `workshop`, on the same disk) and moves into place: readers see the old bytes or the new. */
export async function replaceFile(path: string, bytes: Uint8Array, workshop: string): Promise<void> {
  const temporary = join(workshop, randomUUID())
  await mkdir(workshop, { recursive: true })
  await mkdir(dirname(path), { recursive: true })
  try {
    const handle = await open(temporary, 'wx')
    try {
      await handle.writeFile(bytes)
      // Without this a loss of power can leave the new name with none of the new bytes.
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
}

export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (thrown) {
    if (isAbsence(thrown)) return undefined
    throw thrown
  }
}

/** Removes what dead processes left. A file that cannot be looked at now is left for the next time. */
export async function sweepFolder(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const path of names.map((name) => join(folder, name))) {
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > abandonedMs) await rm(path, { force: true })
  }
}

/** Paths below `root` that start with `prefix`, with slashes, in the order of their bytes, read as they are asked for. */
export async function* listFiles(
  root: string,
  prefix: string,
  below = '',
): AsyncGenerator<string, void, undefined> {
  for (const name of await sortedNames(join(root, below))) {
    const path = below + name
    if (!path.startsWith(prefix) && !prefix.startsWith(path)) continue
    if (name.endsWith('/')) yield* listFiles(root, prefix, path)
    else if (path.startsWith(prefix)) yield path
  }
}

/** Folders end in a slash, which is also where they stand in the order: `a-b`, `a.b`, `a/b`. */
async function sortedNames(folder: string): Promise<string[]> {
  const label = (entry: Dirent) => (entry.isDirectory() ? `${entry.name}/` : entry.name)
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.map(label).toSorted()
  } catch (thrown) {
    if (isAbsence(thrown)) return []
    throw thrown
  }
}

/** `a/b` where `a` is an object, and `a` where it is a folder, are keys nobody has put. */
function isAbsence(thrown: unknown): boolean {
  const { code } = thrown as NodeJS.ErrnoException
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR'
}
