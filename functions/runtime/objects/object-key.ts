const keyPattern = /^[a-z0-9_.-]{1,200}(\/[a-z0-9_.-]{1,200})*$/
const prefixPattern = /^[a-z0-9_.\-/]*$/
const maxKeyLength = 512
const maxListed = 1_000

/** @throws Error on a key that could leave the store or that some store does not take */
export function assertKey(key: string): void {
  const segments = key.split('/')
  const dots = segments.some((segment) => segment === '.' || segment === '..')
  if (key.length > maxKeyLength || dots || !keyPattern.test(key)) {
    throw new Error(`"${key.slice(0, 100)}" is no key of an object.`)
  }
}

/** @throws Error */
export function assertListing(prefix: string, limit: number): void {
  if (prefix.length > maxKeyLength || prefix.split('/').includes('..') || !prefixPattern.test(prefix)) {
    throw new Error(`"${prefix.slice(0, 100)}" is no prefix of keys.`)
  }
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > maxListed) {
    throw new Error(`${limit} objects cannot be listed at once; 1 to ${maxListed} can.`)
  }
}
