import { chmodSync, writeFileSync } from 'node:fs'

/** For files that hold a secret. */
export function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 })
  // The mode given above is only that of a new file.
  chmodSync(file, 0o600)
}
