import { setTimeout as sleep } from 'node:timers/promises'
import { FolderInUseError, lockFolder } from '../../functions/runtime/lifecycle/folder-lock.ts'

/** As long as the slowest build of a program. */
const waitTimeoutMs = 20 * 60_000
const pollMs = 100

/** One start or stop of a service at a time, whichever processes ask for it. */
export async function holdFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = await acquire(folder)
  try {
    return await work()
  } finally {
    await lock.release()
  }
}

async function acquire(folder: string) {
  const deadline = Date.now() + waitTimeoutMs
  for (;;) {
    try {
      return await lockFolder(folder)
    } catch (thrown) {
      if (!(thrown instanceof FolderInUseError) || Date.now() > deadline) throw thrown
      await sleep(pollMs)
    }
  }
}
