import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { parseDay } from '../../functions/infer/model/calendar.ts'
import { type Mode, modeSchema } from '../../functions/infer/model/parameters.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { UsageError } from '../usage-error.ts'

export const usage = `Trains and judges the match outcome model.

  npm run pipeline -- evaluate [options]
      --mode R|RS|RSO       what ratings may learn from (default RSO)
      --from YYYY-MM-DD     first day to forecast (default 2022-07-01)
      --to YYYY-MM-DD       last day to forecast (default: the last day of the data)
      --predictions FILE    write id,home,draw,away of every match of the period
      --json                print the figures as JSON instead of a table
  npm run pipeline -- train [--data DIR] [--out models/champion]
      writes model.onnx, manifest.json and states.json, the same bytes for the same data
  npm run pipeline -- --help

      --data DIR            folder of the match data (default: shared/data beside this checkout)
DIR holds results.csv.gz and stats_odds.csv.gz (or .csv); mode R works without the second.
The figures go to stdout, progress to stderr. Exit code 1: unusable data; 2: unusable command line.
`

export interface EvaluateCommand {
  readonly name: 'evaluate'
  readonly data: string
  readonly mode: Mode
  /** Day numbers. */
  readonly from: number
  readonly to: number
  readonly predictions: string | undefined
  readonly json: boolean
}

export interface TrainCommand {
  readonly name: 'train'
  readonly data: string
  readonly out: string
}

export type Command = { readonly name: 'help' } | EvaluateCommand | TrainCommand

const dataBesideCheckout = fileURLToPath(new URL('../../../shared/data', import.meta.url))

const evaluateOptions = {
  data: { type: 'string', default: dataBesideCheckout },
  mode: { type: 'string', default: 'RSO' },
  from: { type: 'string', default: '2022-07-01' },
  to: { type: 'string' },
  predictions: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const

const trainOptions = {
  data: { type: 'string', default: dataBesideCheckout },
  out: { type: 'string', default: 'models/champion' },
} as const

/** @throws UsageError */
export function parseCommand(words: readonly string[]): Command {
  const [name, ...args] = words
  if (words.includes('--help') || words.includes('-h')) return { name: 'help' }
  if (name === 'train') {
    const { data, out } = readOptions(() => parseArgs({ args, options: trainOptions }).values)
    return { name, data, out }
  }
  if (name === 'evaluate') {
    const values = readOptions(() => parseArgs({ args, options: evaluateOptions }).values)
    return readEvaluate(values)
  }
  throw new UsageError(name === undefined ? 'Say train or evaluate.' : `There is no command ${name}.`)
}

function readOptions<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new UsageError(asError(error).message, { cause: error })
  }
}

interface EvaluateOptions {
  readonly data: string
  readonly mode: string
  readonly from: string
  readonly to?: string
  readonly predictions?: string
  readonly json: boolean
}

function readEvaluate({ data, mode, from, to, predictions, json }: EvaluateOptions): EvaluateCommand {
  const known = modeSchema.safeParse(mode)
  if (!known.success)
    throw new UsageError(`--mode must be one of ${modeSchema.options.join(', ')}, not ${mode}`)
  const command: EvaluateCommand = {
    name: 'evaluate',
    data,
    mode: known.data,
    from: readDay(from, '--from'),
    to: to === undefined ? Infinity : readDay(to, '--to'),
    predictions,
    json,
  }
  if (command.to < command.from) throw new UsageError('--to lies before --from')
  return command
}

function readDay(text: string, option: string): number {
  const day = parseDay(text)
  if (day === undefined) throw new UsageError(`${option} must be a date like 2024-06-28, not ${text}`)
  return day
}
