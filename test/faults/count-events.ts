import { connect } from 'amqplib'
import { z } from 'zod'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import {
  journalQueue,
  triggerDeadLetterQueue,
  triggerQueue,
} from '../../functions/runtime/broker/rabbit/names.ts'
import { readStream } from '../../functions/runtime/broker/rabbit/read-stream.ts'
import { openDatabase } from '../../functions/runtime/database/database.ts'
import { localBroker, localTriggers } from '../../scripts/stack/local-broker.ts'
import { recordLog } from '../support/recorded-log.ts'
import type { OpenStack } from '../support/running-stack.ts'

export interface Counted {
  /** Questions that the broker took charge of, each id once. */
  readonly requested: number
  /** Of those: dealt with by nobody and no dead letter either. */
  readonly lost: readonly string[]
  /** Events that were answered in two different ways: their work was done twice. */
  readonly doneTwice: readonly string[]
  /** The same answer, more than once in the journal: harmless. */
  readonly repeatedAnswers: number
  readonly deadLetters: number
  readonly stored: number
}

const row = z.object({ id: z.string(), source: z.string() })
const countRow = z.object({ count: z.coerce.number() })

/** How many messages wait in all trigger queues; those under way are not among them. */
export async function countWaiting({ services }: OpenStack): Promise<number> {
  return countMessages(
    services.rabbitmq.url,
    localTriggers().map((trigger) => triggerQueue(localBroker, trigger)),
  )
}

async function countMessages(url: string, queues: readonly string[]): Promise<number> {
  const connection = await connect(url)
  const channel = await connection.createChannel()
  let count = 0
  for (const queue of queues) count += (await channel.checkQueue(queue)).messageCount
  await connection.close()
  return count
}

/** The same text for the same content, whatever the order of members: the ledger's jsonb keeps none. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  )
}

/** Holds what the broker took against what was done, by journal, ledger and dead letters. */
export async function countEvents({ services }: OpenStack): Promise<Counted> {
  const requested = new Map<string, Event>()
  const answers = new Map<string, Set<string>>()
  let repeatedAnswers = 0
  const stream = {
    url: services.rabbitmq.url,
    queue: journalQueue(localBroker),
    onBadMessage: () => undefined,
  }
  for await (const event of readStream(stream)) {
    if (event.type.endsWith('.requested.v1')) requested.set(`${event.source} ${event.id}`, event)
    const cause = event['causationid']
    if (typeof cause !== 'string') continue
    const key = `${event.type} ${cause}`
    const said = answers.get(key) ?? new Set()
    if (said.size > 0) repeatedAnswers += 1
    answers.set(key, said.add(canonical([event.id, event.data])))
  }
  const database = await openDatabase({ url: services.postgres.url, log: recordLog() })
  const query = { name: 'done', text: 'select source, id from processed_events', values: [] }
  const done = new Set((await database.query(query, row)).map(({ source, id }) => `${source} ${id}`))
  const total = { name: 'stored', text: 'select count(*) as count from predictions', values: [] }
  const [stored] = await database.query(total, countRow)
  await database.close()
  const letters = localTriggers().map((trigger) => triggerDeadLetterQueue(localBroker, trigger))
  return {
    requested: requested.size,
    lost: [...requested.keys()].filter((key) => !done.has(key)),
    doneTwice: [...answers].filter(([, said]) => said.size > 1).map(([key]) => key),
    repeatedAnswers,
    deadLetters: await countMessages(services.rabbitmq.url, letters),
    stored: stored?.count ?? 0,
  }
}
