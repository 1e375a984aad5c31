import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { deliverOverHttp } from '../../functions/runtime/http/deliver-event.ts'
import { UsageError } from '../usage-error.ts'
import { help, type ReplayOptions, readOptions } from './options.ts'
import { type Replayed, replayEvents } from './replay-events.ts'
import { readAnswers, selectEvents } from './select-events.ts'

const describe = ({ time, type, subject, id }: Event) => `${time ?? '-'}  ${type}  ${subject ?? '-'}  ${id}`

/** @returns how many were shown */
async function show(options: ReplayOptions, line: (event: Event) => string): Promise<number> {
  let count = 0
  for await (const event of selectEvents(options)) {
    console.log(line(event))
    count += 1
  }
  return count
}

async function send(options: ReplayOptions): Promise<number> {
  const recorded = options.compare ? await readAnswers(options) : new Map<string, Event>()
  const counts = { ok: 0, failed: 0 }
  const onDone = ({ event, ok, result }: Replayed) => {
    counts[ok ? 'ok' : 'failed'] += 1
    console.log(`${ok ? 'ok  ' : 'FAIL'}  ${describe(event)}  ${result}`)
  }
  await replayEvents(selectEvents(options), {
    deliver: deliverOverHttp(options.to),
    recorded,
    options,
    onDone,
  })
  console.error(`Sent to ${options.to}: ${counts.ok} well, ${counts.failed} not.`)
  return counts.failed === 0 ? 0 : 1
}

/** @returns the exit code */
async function run(options: ReplayOptions): Promise<number> {
  if (options.to !== 'stdout' && !options['dry-run']) return send(options)
  if (options.to === 'stdout') await show(options, (event) => JSON.stringify(event))
  else {
    const count = await show(options, describe)
    console.error(`${count} events would be sent to ${options.to}; --no-dry-run sends them.`)
  }
  return 0
}

try {
  const options = readOptions(process.argv.slice(2))
  if (options.help) console.log(help)
  else process.exitCode = await run(options)
} catch (thrown) {
  const error = asError(thrown)
  console.error(
    error instanceof UsageError
      ? `${error.message}\nnpm run replay -- --help lists the options.`
      : error.message,
  )
  process.exitCode = error instanceof UsageError ? 2 : 1
}
