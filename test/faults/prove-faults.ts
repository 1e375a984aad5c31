import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from 'amqplib'
import { composeEvent } from '../../events/compose.ts'
import { predictionRequested } from '../../events/kinds/prediction-requested.ts'
import type { Event, Publish } from '../../functions/runtime/broker/publisher.ts'
import { triggerQueue } from '../../functions/runtime/broker/rabbit/names.ts'
import { NotNowError } from '../../functions/runtime/errors/errors.ts'
import { publishToSink } from '../../functions/runtime/http/publish-to-sink.ts'
import { newQuestions } from '../../scripts/bench/questions.ts'
import { localBroker, localTriggers } from '../../scripts/stack/local-broker.ts'
import { eventually } from '../support/eventually.ts'
import type { OpenStack } from '../support/running-stack.ts'
import { type Asked, askMany } from './ask-many.ts'
import { type Counted, countEvents, countWaiting } from './count-events.ts'

export interface FaultPlan {
  readonly requests: number
  readonly callers: number
  /** Rounds in which every part is killed once. */
  readonly rounds: number
  readonly say: (line: string) => void
}

export interface FaultReport {
  readonly asked: Asked
  readonly counted: Counted
  readonly kills: number
  readonly poison: number
  readonly seconds: number
}

/** In this order; between two kills everything is up for a moment. */
const parts = [
  'infer',
  'dispatch-infer',
  'redis',
  'predict',
  'ingress',
  'scrape',
  'dispatch-scrape',
  'postgres',
  'rabbitmq',
]
const deadMs = 1_000
const poisonEach = 3
const copies = 5
const frozenMs = 3_000
const takenTimeoutMs = 30_000
const drainTimeoutMs = 120_000

/** Asks without a pause while every part is killed in turn, and counts afterwards. */
export async function proveFaults(stack: OpenStack, plan: FaultPlan): Promise<FaultReport> {
  const startedMs = Date.now()
  const questions = await mixQuestions(stack, plan.requests)
  const asking = askMany({ url: stack.url, questions, callers: plan.callers })
  let over = false
  void asking.finally(() => (over = true))
  let kills = 0
  const poison = await poisonQueues(stack)
  await sendCopies(stack)
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const part of parts) {
      const killedMs = Date.now()
      await stack.kill(part, deadMs)
      kills += 1
      plan.say(
        `${part} was killed, works again after ${Date.now() - killedMs} ms${over ? ' (nobody asks any more)' : ''}`,
      )
      await sleep(500)
    }
    await sendCopies(stack)
  }
  stack.signal('infer', 'SIGSTOP')
  await sleep(frozenMs)
  stack.signal('infer', 'SIGCONT')
  plan.say(`infer was frozen for ${frozenMs} ms`)

  const asked = await asking
  await eventually(async () => (await countWaiting(stack)) === 0, drainTimeoutMs)
  await eventually(async () => (await countEvents(stack)).lost.length === 0, 30_000).catch(() => undefined)
  const counted = await countEvents(stack)
  return { asked, counted, kills, poison, seconds: (Date.now() - startedMs) / 1_000 }
}

/** Most are new pairs of clubs; some were asked before, and some are matches whose page must be read. */
async function mixQuestions({ url }: OpenStack, count: number): Promise<string[]> {
  const listed = (await (await fetch(`${url}/predict/matches?limit=100`)).json()) as {
    matches: { match_id: number }[]
  }
  const matches = listed.matches.map(({ match_id: id }) => JSON.stringify({ match_id: id }))
  const pairs = newQuestions(0, count, new Date())
  return pairs.map((pair, n) => {
    if (n % 25 === 24) return matches[((n / 25) % matches.length) | 0] ?? pair
    return n % 4 === 3 ? (pairs[n - 3] ?? pair) : pair
  })
}

/** Messages that are no events, straight into the queues: they must end among the dead letters and hold nothing up. */
async function poisonQueues({ services }: OpenStack): Promise<number> {
  const connection = await connect(services.rabbitmq.url)
  const channel = await connection.createConfirmChannel()
  const queues = localTriggers().map((trigger) => triggerQueue(localBroker, trigger))
  for (const queue of queues) {
    for (let n = 0; n < poisonEach; n += 1) {
      channel.sendToQueue(queue, Buffer.from('{"poison":'), {
        contentType: 'application/json',
        persistent: true,
      })
    }
  }
  await channel.waitForConfirms()
  await connection.close()
  return queues.length * poisonEach
}

/** One question as an event, several times with the same id, and one that can never work. */
async function sendCopies({ addresses }: OpenStack): Promise<void> {
  const publish = untilTaken(publishToSink(addresses.ingress, 5_000))
  const now = new Date()
  const compose = (id: string, home: string): Event =>
    composeEvent(predictionRequested, {
      id,
      correlationId: id,
      subject: `${home}~england.chelsea~${now.toISOString().slice(0, 10)}`,
      time: now,
      data: {
        home_club_id: home,
        away_club_id: 'england.chelsea',
        kickoff: now.toISOString(),
        competition: null,
      },
    })
  const stamp = now.getTime()
  for (let n = 0; n < copies; n += 1) await publish(compose(`copy-${stamp}`, 'england.everton'))
  await publish(compose(`hopeless-${stamp}`, 'england.nobody-knows-it'))
}

/** A publisher that obeys "not now"; the broker may have died a moment ago. */
function untilTaken(publish: Publish): Publish {
  return (event) =>
    eventually(async () => {
      try {
        await publish(event)
        return true
      } catch (thrown) {
        if (thrown instanceof NotNowError) return false
        throw thrown
      }
    }, takenTimeoutMs)
}
