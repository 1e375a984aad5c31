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
const diskFullMs = 8_000
const clockMs = 3_000
const betweenMs = 500
const drainTimeoutMs = 120_000

/** Asks without a pause while every part is killed in turn and worse, and counts afterwards. */
export async function proveFaults(stack: OpenStack, plan: FaultPlan): Promise<FaultReport> {
  const startedMs = Date.now()
  const question = await mixQuestions(stack)
  let count = 0
  let calm = false
  const next = () => (calm && count >= plan.requests ? undefined : question(count++))
  const broken = new AbortController()
  const asking = askMany({ url: stack.url, next, callers: plan.callers, signal: broken.signal })
  const poison = await poisonQueues(stack)
  try {
    for (let round = 0; round < plan.rounds; round += 1) {
      await sendCopies(stack)
      await killInTurn(stack, plan)
      await troubleOtherwise(stack, plan)
    }
  } catch (thrown) {
    broken.abort()
    throw thrown
  } finally {
    calm = true
  }
  const asked = await asking
  await eventually(async () => (await countWaiting(stack)) === 0, drainTimeoutMs)
  const counted = await countWhenCalm(stack)
  const kills = plan.rounds * parts.length
  return { asked, counted, kills, poison, seconds: (Date.now() - startedMs) / 1_000 }
}

/** What is under way at the end is no loss: it is counted again until nothing is missing, or for two minutes. */
async function countWhenCalm(stack: OpenStack): Promise<Counted> {
  const deadline = performance.now() + drainTimeoutMs
  for (;;) {
    const counted = await countEvents(stack)
    if (counted.lost.length === 0 || performance.now() > deadline) return counted
    await sleep(1_000)
  }
}

async function killInTurn(stack: OpenStack, { say }: FaultPlan): Promise<void> {
  for (const part of parts) {
    const killedMs = Date.now()
    await stack.kill(part, deadMs)
    say(`${part} was killed, works again after ${Date.now() - killedMs} ms`)
    await sleep(betweenMs)
  }
}

/** A consumer that hangs, a broker without a disk, and a clock that jumps. */
async function troubleOtherwise(stack: OpenStack, { say }: FaultPlan): Promise<void> {
  stack.signal('infer', 'SIGSTOP')
  await sleep(frozenMs)
  stack.signal('infer', 'SIGCONT')
  say(`infer was frozen for ${frozenMs} ms`)
  await sleep(betweenMs)
  await stack.setDiskFull(true)
  await sleep(diskFullMs)
  await stack.setDiskFull(false)
  say(`the disk of RabbitMQ was full for ${diskFullMs} ms`)
  for (const offset of ['+3h', '-1h', '+0']) {
    stack.clock.set(offset)
    await sleep(clockMs)
  }
  say('the clock of all processes jumped three hours on, four back and to the right time again')
}

/** Most are new pairs of clubs; some were asked before, and some are matches whose page must be read. */
async function mixQuestions({ url }: OpenStack): Promise<(n: number) => string> {
  const listed = (await (await fetch(`${url}/predict/matches?limit=100`)).json()) as {
    matches: { match_id: number }[]
  }
  const matches = listed.matches.map(({ match_id: id }) => JSON.stringify({ match_id: id }))
  const today = new Date()
  const pair = (n: number) => newQuestions(n, 1, today)[0] ?? ''
  return (n) => {
    if (n % 25 === 24) return matches[Math.floor(n / 25) % matches.length] ?? pair(n)
    return n % 4 === 3 ? pair(n - 3) : pair(n)
  }
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
