import { randomUUID } from 'node:crypto'
import { composeEvent } from '../../events/compose.ts'
import { fixturesRequested } from '../../events/kinds/fixtures-requested.ts'
import type { Publish } from '../../functions/runtime/broker/publisher.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import type { Lifecycle } from '../../functions/runtime/lifecycle/lifecycle.ts'
import type { Logger } from '../../functions/runtime/logging/logger.ts'

interface Needs {
  readonly publish: Publish
  readonly log: Logger
  readonly lifecycle: Lifecycle
}

const dayMs = 86_400_000
const daysAhead = 10
const everyMs = 6 * 3_600_000

/** Asks for the fixtures of the coming days at once, and then every few hours for as long as the process runs. */
export async function keepAskingForFixtures({ publish, log, lifecycle }: Needs): Promise<void> {
  const ask = () => {
    const now = new Date()
    const id = randomUUID()
    const day = (offset: number) => new Date(now.getTime() + offset * dayMs).toISOString().slice(0, 10)
    const data = { from: day(0), to: day(daysAhead) }
    return publish(
      composeEvent(fixturesRequested, { id, correlationId: id, subject: 'fixtures', time: now, data }),
    )
  }
  await ask()
  const timer = setInterval(() => {
    ask().catch((thrown: unknown) => log.warn({ err: asError(thrown) }, 'fixtures could not be asked for'))
  }, everyMs)
  lifecycle.onStop('fixtures timer', () => clearInterval(timer))
}
