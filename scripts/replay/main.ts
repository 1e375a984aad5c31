import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { deliverOverHttp } from '../../functions/runtime/http/deliver-event.ts'
import { UsageError } from '../usage-error.ts'
import { help, type ReplayOptions, readOptions } from './options.ts'
import { type Replayed, replayEvents } from './replay-events.ts'
import { isWanted, readSource } from './select-events.ts'

interface Selection {
  readonly wanted: readonly Event[]
  readonly recorded: ReadonlyMap<string, Event>
}

/** Answers are kept for the comparison alone: a journal may be larger than memory. */
async function select(options: ReplayOptions): Promise<Selection> {
  const wanted: Event[] = []
  const recorded = new Map<string, Event>()
  for await (const event of readSource(options)) {
    const cause = event['causationid']
    if (options.compare && typeof cause === 'string') recorded.set(cause, event)
    const room = options.limit === undefined || wanted.length < options.limit
    if (room && isWanted(event, options)) wanted.push(event)
  }
  return { wanted, recorded }
}

const describe = ({ time, type, subject, id }: Event) => `${time ?? '-'}  ${type}  ${subject ?? '-'}  ${id}`

async function run(options: ReplayOptions): Promise<number> {
  const { wanted, recorded } = await select(options)
  if (options.to === 'stdout') {
    for (const event of wanted) console.log(JSON.stringify(event))
    return 0
  }
  if (options['dry-run']) {
    for (const event of wanted) console.log(describe(event))
    console.error(`${wanted.length} events would be sent to ${options.to}; --no-dry-run sends them.`)
    return 0
  }
  const onDone = ({ event, ok, result }: Replayed) =>
    console.log(`${ok ? 'ok  ' : 'FAIL'}  ${describe(event)}  ${result}`)
  const results = await replayEvents(wanted, {
    deliver: deliverOverHttp(options.to),
    recorded,
    options,
    onDone,
  })
  const failed = results.filter(({ ok }) => !ok).length
  console.error(
    `${results.length} events sent to ${options.to}: ${results.length - failed} well, ${failed} not.`,
  )
  return failed === 0 ? 0 : 1
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
