import { NotNowError } from '../errors/errors.ts'

interface Entry {
  readonly value: string
  readonly expiresAtMs: number
  readonly bytes: number
}

interface Limits {
  readonly maxKeys: number
  readonly maxBytes: number
  readonly now: () => number
}

const bytesPerChar = 2

function wholeTtl(ttlMs: number): number {
  if (Number.isSafeInteger(ttlMs) && ttlMs > 0) return ttlMs
  throw new RangeError(`ttlMs must be a whole number above 0, not ${ttlMs}`)
}

/** Keys with an end, bounded in number and bytes; the least recently used goes first. */
export function createRecentEntries({ maxKeys, maxBytes, now }: Limits) {
  // A Map keeps its order of insertion: what is used is taken out and put in again, so the oldest stands first.
  const entries = new Map<string, Entry>()
  let totalBytes = 0

  function remove(key: string): void {
    totalBytes -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }

  function put(key: string, entry: Entry): void {
    remove(key)
    entries.set(key, entry)
    totalBytes += entry.bytes
  }

  function find(key: string): Entry | undefined {
    const entry = entries.get(key)
    if (entry === undefined || entry.expiresAtMs > now()) return entry
    remove(key)
    return undefined
  }

  function keep(key: string, value: string, expiresAtMs: number): void {
    const bytes = (key.length + value.length) * bytesPerChar
    if (bytes > maxBytes)
      throw new NotNowError('cache_unavailable', 'The value is larger than the whole cache.')
    put(key, { value, expiresAtMs, bytes })
    for (const oldest of entries.keys()) {
      if (entries.size <= maxKeys && totalBytes <= maxBytes) break
      remove(oldest)
    }
  }

  return {
    get(key: string): string | undefined {
      const entry = find(key)
      if (entry) put(key, entry)
      return entry?.value
    },
    set(key: string, value: string, ttlMs: number): void {
      keep(key, value, now() + wholeTtl(ttlMs))
    },
    increment(key: string, ttlMs: number): number {
      const endsAtMs = now() + wholeTtl(ttlMs)
      const entry = find(key)
      const sum = Number(entry?.value ?? 0) + 1
      if (!Number.isSafeInteger(sum))
        throw new NotNowError('cache_unavailable', 'The value is no whole number.')
      keep(key, String(sum), entry?.expiresAtMs ?? endsAtMs)
      return sum
    },
    delete: remove,
    clear(): void {
      entries.clear()
      totalBytes = 0
    },
  }
}
