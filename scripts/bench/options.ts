import { parseArgs } from 'node:util'
import { z } from 'zod'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { UsageError } from '../usage-error.ts'

export const help = `Measures how fast POST /predict answers, with the load and the service on this one machine.

  npm run bench -- path [options]

What is measured:
  --over memory|stack  start the bundle of npm start, or of npm run stack, in a folder of its own (default memory)
  --url URL            measure a running service instead; its processes are not looked at
  --only KIND          stored (asked before) or computed (never asked before); default both

How long:
  --seconds N          of one measurement (default 10)
  --rounds N           how often all are repeated; the table shows the median round (default 3)
  --quick              2 seconds and 1 round, where not said otherwise

  --json FILE          write everything that was measured, round by round
  --help               this text

Callers wait for their answer and ask again (closed loop: how much is possible), or requests come at a constant rate
whatever the answers do (open loop: how long one waits; counted from the moment a request was due).

Exit codes: 0 every answer was a 200 · 1 one was not, or something broke · 2 wrong use
`

const kinds = ['stored', 'computed'] as const
export type Kind = (typeof kinds)[number]

const schema = z.object({
  help: z.boolean(),
  over: z.enum(['memory', 'stack'], { error: 'is memory or stack' }),
  url: z.url({ protocol: /^http$/, error: 'is no http:// address' }).optional(),
  only: z.enum(kinds, { error: 'is stored or computed' }).optional(),
  seconds: z.coerce.number().int().min(1).max(3_600),
  rounds: z.coerce.number().int().min(1).max(100),
  quick: z.boolean(),
  json: z.string().min(1).optional(),
})

export interface BenchOptions extends z.infer<typeof schema> {
  readonly kinds: readonly Kind[]
}

/** @throws UsageError naming every fault */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parse(args)
  const usual = values.quick ? { seconds: '2', rounds: '1' } : { seconds: '10', rounds: '3' }
  const parsed = schema.safeParse({ ...usual, over: 'memory', ...values })
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `--${issue.path.join('.')} ${issue.message}`)
    throw new UsageError(faults.join('; '))
  }
  const { data } = parsed
  if (!data.help && positionals.join(' ') !== 'path') throw new UsageError('Say what to measure: path.')
  if (data.url !== undefined && values.over !== undefined)
    throw new UsageError('--url and --over exclude each other.')
  return { ...data, kinds: data.only === undefined ? kinds : [data.only] }
}

function parse(args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { ...flag, short: 'h' },
        over: text,
        url: text,
        only: text,
        seconds: text,
        rounds: text,
        quick: flag,
        json: text,
      },
    })
  } catch (thrown) {
    throw new UsageError(asError(thrown).message)
  }
}
