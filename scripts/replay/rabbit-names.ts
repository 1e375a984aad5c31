import {
  brokerDeadLetterQueue,
  brokerExchange,
  journalQueue,
  triggerDeadLetterQueue,
} from '../../functions/runtime/broker/rabbit/names.ts'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { localBroker, localTriggers } from '../stack/local-broker.ts'
import { UsageError } from '../usage-error.ts'

/** @throws UsageError where it is not set */
export function rabbitUrl(environment: Environment): string {
  const url = environment['RABBITMQ_URL']
  if (url) return url
  throw new UsageError('RABBITMQ_URL is not set: amqp://user:password@host:port/vhost is wanted')
}

/** The queue that `--journal` means, or undefined where it means a file. */
export function streamQueue(journal: string): string | undefined {
  if (journal === 'stream') return journalQueue(localBroker)
  return journal.startsWith('stream:') ? journal.slice('stream:'.length) : undefined
}

/** The exchange that `--to broker` means. */
export function exchangeOf(to: string): string {
  return to.startsWith('broker:') ? to.slice('broker:'.length) : brokerExchange(localBroker)
}

/**
 * The queues that `--dead-letters` means: `all`, a trigger, or a queue, which alone has dots in its name.
 * @throws UsageError
 */
export function deadLetterQueues(which: string): string[] {
  if (which.includes('.')) return [which]
  const triggers = localTriggers()
  const chosen = which === 'all' ? triggers : triggers.filter(({ name }) => name === which)
  if (chosen.length === 0)
    throw new UsageError(
      `--dead-letters ${which}: there is no such trigger; all, the name of a queue, or one of ${triggers
        .map(({ name }) => name)
        .join(', ')} is wanted`,
    )
  const queues = chosen.map((trigger) => triggerDeadLetterQueue(localBroker, trigger))
  return which === 'all' ? [...queues, brokerDeadLetterQueue(localBroker)] : queues
}
