import { join } from 'node:path'
import { asError, NotNowError, RefusedError } from '../errors/errors.ts'
import { listFiles, readIfThere, replaceFile, sweepFolder } from './files.ts'
import { assertKey, assertListing } from './object-key.ts'
import type { Objects } from './objects.ts'

export interface FolderObjectsOptions {
  /** Of one object. */
  readonly maxBytes?: number
}

/** No key has a tilde, so what carries one cannot be mistaken for an object. */
const typeSuffix = '~type'
const incoming = '~incoming'
const defaultMaxBytes = 32 * 1_048_576

/**
 * Objects as files below `root`, the content type beside each in `<name>~type`.
 * A key cannot be both an object and the beginning of another (`a` and `a/b`), which an S3 store allows.
 */
export function openFolderObjects(
  root: string,
  { maxBytes = defaultMaxBytes }: FolderObjectsOptions = {},
): Objects {
  const workshop = join(root, incoming)
  let swept: Promise<void> | undefined
  return {
    put: (key, bytes, { contentType }) =>
      orUnavailable(async () => {
        assertKey(key)
        if (bytes.length > maxBytes) throw tooLarge(key, bytes.length, maxBytes)
        await (swept ??= sweepFolder(workshop))
        // The type first: whoever sees the new bytes sees their type.
        await replaceFile(join(root, `${key}${typeSuffix}`), Buffer.from(contentType), workshop)
        await replaceFile(join(root, key), bytes, workshop)
      }),
    get: (key) =>
      orUnavailable(async () => {
        assertKey(key)
        const bytes = await readIfThere(join(root, key))
        if (bytes === undefined) return undefined
        const type = await readIfThere(join(root, `${key}${typeSuffix}`))
        return { bytes, contentType: type?.toString('utf8') ?? 'application/octet-stream' }
      }),
    list: (prefix, limit) =>
      orUnavailable(async () => {
        assertListing(prefix, limit)
        const keys: string[] = []
        for await (const key of listFiles(root, prefix)) {
          if (key.includes('~')) continue
          keys.push(key)
          if (keys.length === limit) break
        }
        return keys
      }),
  }
}

/** What the file system says is not for the asker; our own words are. */
async function orUnavailable<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (thrown) {
    const cause = asError(thrown)
    if (!('syscall' in cause)) throw cause
    throw new NotNowError('objects_unavailable', `The object store does not answer: ${cause.message}`, {
      cause,
    })
  }
}

function tooLarge(key: string, sizeBytes: number, maxBytes: number): RefusedError {
  return new RefusedError('object_too_large', 413, `${key} has ${sizeBytes} bytes; ${maxBytes} are allowed.`)
}
