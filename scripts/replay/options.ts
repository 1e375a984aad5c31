import { parseArgs } from 'node:util'
import { z } from 'zod'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { UsageError } from '../usage-error.ts'

export const help = `Sends events of the journal, or of files, to a function once more.

  npm run replay -- [options]

Which events:
  --journal FILE       the journal (default data/journal/events.ndjson); its rotated parts are read, too
  --file FILE          an event as JSON, such as one of events/examples; may be given several times, instead of a journal
  --type TYPE          only of this type, such as soccer.match.requested.v1
  --subject S          only about this subject
  --id ID              only this event
  --correlation ID     only the story of this request
  --since T --until T  only events of this time (2026-11-23 or 2026-11-23T18:00:00Z); until is left out itself
  --limit N            at most so many

What to do with them:
  --to URL             the function to send to, such as http://localhost:8082; without it, or as stdout, they are printed
  --no-dry-run         really send: without this the events are only listed
  --same-id            keep the ids: a function that remembers them may answer without doing the work again
  --compare            compare each answer with the recorded one, leaving out times; a difference ends with code 1
  --rate N             at most N a second (default 10)
  --concurrency N      at most N at once (default 1)
  --timeout-ms N       deadline of one event (default 30000)
  --help               this text

Exit codes: 0 all went well · 1 an event was not handled, or an answer differs · 2 wrong use
`

const moment = z
  .string()
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()), 'is no date or moment')
const count = (most: number) => z.coerce.number().int().min(1).max(most)

const schema = z.object({
  help: z.boolean(),
  journal: z.string().min(1),
  file: z.array(z.string().min(1)),
  type: z.string().optional(),
  subject: z.string().optional(),
  id: z.string().optional(),
  correlation: z.string().optional(),
  since: moment.optional(),
  until: moment.optional(),
  limit: count(1_000_000).optional(),
  to: z.union([z.literal('stdout'), z.url({ protocol: /^https?$/ })], {
    error: 'is neither an address nor stdout',
  }),
  'dry-run': z.boolean(),
  'same-id': z.boolean(),
  compare: z.boolean(),
  rate: z.coerce.number().gt(0).max(10_000),
  concurrency: count(100),
  'timeout-ms': count(600_000),
})

export type ReplayOptions = z.infer<typeof schema>

const text = { type: 'string' } as const

/** @throws UsageError naming every fault */
export function readOptions(args: readonly string[]): ReplayOptions {
  const parsed = schema.safeParse(parse(args))
  if (parsed.success) return parsed.data
  throw new UsageError(
    parsed.error.issues.map((issue) => `--${issue.path.join('.')} ${issue.message}`).join('; '),
  )
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        journal: { ...text, default: 'data/journal/events.ndjson' },
        file: { ...text, multiple: true, default: [] },
        type: text,
        subject: text,
        id: text,
        correlation: text,
        since: text,
        until: text,
        limit: text,
        to: { ...text, default: 'stdout' },
        'dry-run': { type: 'boolean', default: true },
        'same-id': { type: 'boolean', default: false },
        compare: { type: 'boolean', default: false },
        rate: { ...text, default: '10' },
        concurrency: { ...text, default: '1' },
        'timeout-ms': { ...text, default: '30000' },
      },
    }).values
  } catch (thrown) {
    throw new UsageError(asError(thrown).message)
  }
}
