import type { Event } from '../../functions/runtime/broker/publisher.ts'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { describeEvent } from './describe-event.ts'
import { type OnBad, openSource } from './open-source.ts'
import { openTarget } from './open-target.ts'
import type { ReplayOptions } from './options.ts'
import { noProgress, openProgress, type Progress } from './progress-file.ts'
import { type Replayed, replayEvents } from './replay-events.ts'
import { collectAnswers, selectEvents } from './select-events.ts'
import { stopOnSignals } from './stop-on-signals.ts'
import { createTally, type Tally } from './tally.ts'

interface Needs {
  readonly options: ReplayOptions
  readonly environment: Environment
  readonly onBad: OnBad
}

const terminalPaceMs = 2_000
const filePaceMs = 10_000

/** Sends what is wanted, and tells on stderr how far it is and what came of it. @returns the exit code */
export async function sendEvents(needs: Needs): Promise<number> {
  const { options, environment, onBad } = needs
  const stopping = stopOnSignals()
  const tally = createTally()
  const progress = options.resume === undefined ? noProgress : await openProgress(options.resume, options)
  const source = openSource(options, environment, (place, reason) => {
    tally.add('(no event)', 'passed over')
    onBad(place, reason)
  })
  try {
    const recorded = options.compare ? await readAnswers(needs) : new Map<string, Event>()
    const target = await openTarget(options, environment)
    const stopTelling = tellInBetween(tally)
    try {
      const events = selectEvents(source.events, {
        options,
        stopping,
        isDone: (event) => progress.isDone(event),
        onPassedOver: ({ type }) => tally.add(type, 'passed over'),
      })
      const onDone = (done: Replayed) => tellAndRecord(done, tally, progress)
      await replayEvents(events, { deliver: target.deliver, recorded, options, stopping, onDone })
    } finally {
      stopTelling()
      await target.close()
      tellEnd(options, tally, { interrupted: stopping.aborted, doneBefore: progress.doneBefore })
    }
  } finally {
    await source.close()
    await progress.close()
  }
  if (stopping.aborted) return 130
  return tally.total.failed + tally.total.different === 0 ? 0 : 1
}

function tellInBetween(tally: Tally): () => void {
  const startedMs = performance.now()
  const paceMs = process.stderr.isTTY ? terminalPaceMs : filePaceMs
  const timer = setInterval(() => console.error(tally.line(performance.now() - startedMs)), paceMs)
  return () => clearInterval(timer)
}

async function readAnswers({ options, environment }: Needs): Promise<ReadonlyMap<string, Event>> {
  // What holds no event is told when it is met again.
  const source = openSource(options, environment, () => undefined)
  try {
    return await collectAnswers(source.events, options)
  } finally {
    await source.close()
  }
}

async function tellAndRecord(
  { event, outcome, result }: Replayed,
  tally: Tally,
  progress: Progress,
): Promise<void> {
  tally.add(event.type, outcome)
  console.log(`${outcome === 'ok' ? 'ok  ' : 'FAIL'}  ${describeEvent(event)}  ${result}`)
  if (outcome !== 'failed') await progress.record(event)
}

function tellEnd(
  { to, resume, redrive }: ReplayOptions,
  tally: Tally,
  { interrupted, doneBefore }: { readonly interrupted: boolean; readonly doneBefore: number },
): void {
  const { ok, failed, different } = tally.total
  for (const line of tally.table()) console.error(line)
  console.error(`Sent to ${to}: ${ok + different} taken, ${failed} not.`)
  if (doneBefore > 0) console.error(`${doneBefore} were done before, as ${resume} says.`)
  if (redrive && failed > 0) console.error('Letters that were not taken are in their queues still.')
  if (interrupted) console.error(`Interrupted. ${howToGoOn(resume, redrive)}`)
}

function howToGoOn(resume: string | undefined, redrive: boolean): string {
  if (redrive) return 'The same command goes on with the letters that are left.'
  return resume === undefined
    ? 'The same command begins anew; with --resume FILE it would go on.'
    : 'The same command goes on with the rest.'
}
