/**
 * What may vanish at any time: slower without it, never wrong.
 * Every call throws NotNowError `cache_unavailable` when the cache cannot do it.
 */
export interface Cache {
  get(key: string): Promise<string | undefined>
  /** `ttlMs` is a whole number above 0. */
  set(key: string, value: string, ttlMs: number): Promise<void>
  /** True for the one caller that set it. */
  setIfAbsent(key: string, value: string, ttlMs: number): Promise<boolean>
  /** Adds 1 to a whole number, which is 0 where there is none, and tells the sum; `ttlMs` counts from the first 1. */
  increment(key: string, ttlMs: number): Promise<number>
  delete(key: string): Promise<void>
  /** Tells those who listen now; nobody else hears of it. */
  publish(channel: string, message: string): Promise<void>
  /** Resolves once messages are heard; the result stops listening. A listener that throws is logged. */
  subscribe(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>
  ping(): Promise<void>
  close(): Promise<void>
}
