import { setTimeout as sleep } from 'node:timers/promises'

/** Waits for a condition instead of for a time. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 5_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not so after ${timeoutMs} ms: ${condition.toString()}`)
    await sleep(5)
  }
}
