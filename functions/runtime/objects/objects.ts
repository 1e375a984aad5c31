export interface StoredObject {
  readonly bytes: Buffer
  readonly contentType: string
}

/**
 * Files by key. Keys are lower-case words of `a-z 0-9 _ . -` between slashes, 512 characters at most, no `.` or `..`.
 * Every call throws NotNowError `objects_unavailable` when the store does not answer, and an Error on a wrong key.
 */
export interface Objects {
  /** Replaces what was there, at once or not at all. Throws RefusedError 413 `object_too_large`. */
  put(key: string, bytes: Uint8Array, about: { readonly contentType: string }): Promise<void>
  get(key: string): Promise<StoredObject | undefined>
  /** Keys that start with `prefix`, in the order of their bytes, the first `limit` (1–1000). */
  list(prefix: string, limit: number): Promise<string[]>
}
