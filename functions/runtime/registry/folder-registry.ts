import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { asError, NotNowError, RefusedError } from '../errors/errors.ts'
import type { Registry } from './registry.ts'

export interface FolderRegistryOptions {
  /** Of all files of a model together. */
  readonly maxBytes?: number
}

const aliasPattern = /^[a-z0-9][a-z0-9_-]{0,63}$/
const defaultMaxBytes = 64 * 1_048_576

/** Models as folders: `<root>/<alias>/` holds the files of one, or is a link to the folder that does. */
export function openFolderRegistry(
  root: string,
  { maxBytes = defaultMaxBytes }: FolderRegistryOptions = {},
): Registry {
  return {
    async load(alias) {
      if (!aliasPattern.test(alias)) {
        throw new RefusedError('invalid_alias', 422, `"${alias.slice(0, 64)}" is no alias of a model.`)
      }
      const link = join(root, alias)
      try {
        // Resolved once, so that a link moved while we read cannot mix two models.
        const files = await readFiles(await realpath(link), maxBytes)
        if (files.size === 0) throw new Error('the folder has no files')
        return files
      } catch (thrown) {
        const cause = asError(thrown)
        throw new NotNowError('model_unavailable', `${await explain(root, alias)} (${cause.message})`, {
          cause,
        })
      }
    },
  }
}

/** Names that begin with a dot are left out: Kubernetes keeps the versions of a mounted volume under such names. */
async function readFiles(folder: string, maxBytes: number): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  let totalBytes = 0
  const names = await readdir(folder)
  for (const name of names.filter((entry) => !entry.startsWith('.')).toSorted()) {
    const path = join(folder, name)
    const about = await stat(path)
    if (!about.isFile()) continue
    totalBytes += about.size
    if (totalBytes > maxBytes) throw new Error(`the files together have more than ${maxBytes} bytes`)
    files.set(name, await readFile(path))
  }
  return files
}

async function explain(root: string, alias: string): Promise<string> {
  const there = await readdir(root).catch(() => [])
  const aliases = there.filter((name) => aliasPattern.test(name)).toSorted()
  const known = aliases.length > 0 ? `it has: ${aliases.join(', ')}` : 'it has none'
  return `There is no usable model "${alias}" in ${root}; ${known}.`
}
