import { parseArgs } from 'node:util'
import { z } from 'zod'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { UsageError } from '../usage-error.ts'
import { parseWhere } from './parse-where.ts'

const moment = z
  .string()
  .transform((text) => new Date(text))
  .refine((date) => !Number.isNaN(date.getTime()), 'is no date or moment')
const count = (most: number) => z.coerce.number().int().min(1).max(most)
const target = z.union(
  [z.literal('stdout'), z.string().regex(/^broker(:.+)?$/), z.url({ protocol: /^https?$/ })],
  { error: 'is neither an address nor broker nor stdout' },
)

const schema = z.object({
  help: z.boolean(),
  journal: z.string().min(1).optional(),
  'dead-letters': z.string().min(1).optional(),
  file: z.array(z.string().min(1)),
  type: z.string().optional(),
  subject: z.string().optional(),
  id: z.string().optional(),
  correlation: z.string().optional(),
  where: z.array(z.string()).transform((texts) => texts.map(parseWhere)),
  since: moment.optional(),
  until: moment.optional(),
  limit: count(1_000_000).optional(),
  strict: z.boolean(),
  to: target,
  'dry-run': z.boolean(),
  redrive: z.boolean(),
  'same-id': z.boolean().optional(),
  compare: z.boolean(),
  resume: z.string().min(1).optional(),
  rate: z.coerce.number().gt(0).max(10_000),
  concurrency: count(100),
  'timeout-ms': count(600_000),
})

export type ReplayOptions = z.infer<typeof schema>

const text = { type: 'string' } as const
const flag = { type: 'boolean', default: false } as const
const list = { ...text, multiple: true, default: [] as string[] } as const

/** @throws UsageError naming every fault */
export function readOptions(args: readonly string[]): ReplayOptions {
  const parsed = schema.safeParse(parse(args))
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `--${issue.path.join('.')} ${issue.message}`)
    throw new UsageError(faults.join('; '))
  }
  const faults = contradictionsOf(parsed.data)
  if (faults.length > 0) throw new UsageError(faults.join('; '))
  return parsed.data
}

function contradictionsOf(options: ReplayOptions): string[] {
  const { journal, file, 'dead-letters': letters, to, compare, redrive } = options
  const isElsewhere = journal !== undefined || file.length > 0
  const toBroker = to.startsWith('broker')
  const faults: [boolean, string][] = [
    [letters !== undefined && isElsewhere, '--dead-letters excludes --journal and --file'],
    [
      compare && toBroker,
      '--compare wants an address: what is sent to the broker is answered in the journal, later',
    ],
    [compare && letters !== undefined, '--compare has nothing to compare: no answer to a dead letter exists'],
    [redrive && letters === undefined, '--redrive wants --dead-letters'],
    [redrive && to === 'stdout', '--redrive wants --to: who printed a letter has not handled it'],
  ]
  return faults.flatMap(([isSo, fault]) => (isSo ? [fault] : []))
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowNegative: true,
      options: {
        help: { ...flag, short: 'h' },
        journal: text,
        'dead-letters': text,
        file: list,
        type: text,
        subject: text,
        id: text,
        correlation: text,
        where: list,
        since: text,
        until: text,
        limit: text,
        strict: flag,
        to: { ...text, default: 'stdout' },
        'dry-run': { type: 'boolean', default: true },
        redrive: flag,
        'same-id': { type: 'boolean' },
        compare: flag,
        resume: text,
        rate: { ...text, default: '10' },
        concurrency: { ...text, default: '1' },
        'timeout-ms': { ...text, default: '30000' },
      },
    }).values
  } catch (thrown) {
    throw new UsageError(asError(thrown).message)
  }
}
