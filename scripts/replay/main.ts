import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { processEnvironment } from '../../functions/runtime/config/read-config.ts'
import { runCommandLine } from '../run-command-line.ts'
import { describeEvent } from './describe-event.ts'
import { help } from './help.ts'
import { type OnBad, openSource } from './open-source.ts'
import { type ReplayOptions, readOptions } from './options.ts'
import { noProgress, openProgress } from './progress-file.ts'
import { selectEvents } from './select-events.ts'
import { sendEvents } from './send-events.ts'

/** @returns how many were shown */
async function show(options: ReplayOptions, line: (event: Event) => string): Promise<number> {
  const { resume } = options
  const progress =
    resume === undefined ? noProgress : await openProgress(resume, { ...options, 'dry-run': true })
  const source = openSource(options, processEnvironment(), tellBad(options))
  let count = 0
  try {
    for await (const { event } of selectEvents(source.events, {
      options,
      isDone: (one) => progress.isDone(one),
    })) {
      console.log(line(event))
      count += 1
    }
  } finally {
    await source.close()
  }
  return count
}

/** @returns the exit code */
async function run(options: ReplayOptions): Promise<number> {
  const { to, 'dry-run': isDry } = options
  if (to !== 'stdout' && !isDry)
    return sendEvents({ options, environment: processEnvironment(), onBad: tellBad(options) })
  if (to === 'stdout') await show(options, (event) => JSON.stringify(event))
  else {
    const count = await show(options, describeEvent)
    console.error(`${count} events would be sent to ${to}; --no-dry-run sends them.`)
  }
  return 0
}

function tellBad({ strict }: ReplayOptions): OnBad {
  return (place, reason) => {
    if (strict) throw new Error(`${place} holds no event: ${reason}`)
    console.error(`${place} is passed over: ${reason}`)
  }
}

await runCommandLine({ command: 'npm run replay', help, read: readOptions, run })
