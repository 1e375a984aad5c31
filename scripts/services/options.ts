import { parseArgs } from 'node:util'
import { z } from 'zod'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { UsageError } from '../usage-error.ts'
import { type ServiceName, serviceNames, stackServices } from './service.ts'

export const help = `Runs the servers that the stack needs, on private ports of this machine.

  npm run services -- COMMAND [NAME …] [options]

Commands:
  up        starts those that do not run; they go on until down
  down      stops those that this folder started, and nothing else; without names: all of them
  status    says which are up; ends with code 1 unless all are
  logs      prints the last lines of their output
  env       prints the variables for a shell, with passwords: eval "$(npm run -s services -- env)"

Names: ${serviceNames.join(' ')}, or all (default: ${stackServices.join(' ')})

Options:
  --folder DIR   where they keep what they keep (default: DATA_DIR/services, with DATA_DIR or ./data)
  --lines N      so many lines of each log (default 20)
  --follow       go on printing what is added to the logs, until Ctrl-C
  --help         this text

A server that a variable names is only asked whether it answers, never started or stopped:
  DATABASE_URL  REDIS_URL  RABBITMQ_URL (and RABBITMQ_MANAGEMENT_URL)  S3_URL  MLFLOW_URL  BROWSER_URL  NGINX_URL
Others run from programs of this machine. What is missing is installed: by apt-get where this runs as root on Debian,
MinIO and Selenoid by go, MLflow by uv or pip (into ~/.cache/soccer-function-bundle, or XDG_CACHE_HOME).
nginx passes everything on to NGINX_UPSTREAM (default http://127.0.0.1:8080).

Exit codes: 0 all went well · 1 something broke, or is down · 2 wrong use
`

const commands = ['up', 'down', 'status', 'logs', 'env'] as const

export interface ServicesOptions {
  readonly help: boolean
  readonly command: (typeof commands)[number]
  readonly names: readonly ServiceName[]
  readonly folder: string | undefined
  readonly lines: number
  readonly follow: boolean
}

const lineCount = z.coerce.number().int().min(0).max(100_000)

/** @throws UsageError */
export function readOptions(args: readonly string[]): ServicesOptions {
  const { values, positionals } = parse(args)
  const [command = values.help ? 'status' : undefined, ...names] = positionals
  const known = commands.find((one) => one === command)
  if (known === undefined) {
    throw new UsageError(command === undefined ? 'Say what to do.' : `There is no command ${command}.`)
  }
  const lines = lineCount.safeParse(values.lines)
  if (!lines.success) throw new UsageError(`--lines ${values.lines} is no number of lines.`)
  if (values.folder === '') throw new UsageError('--folder needs the name of a folder.')
  if (values.follow && known !== 'logs') throw new UsageError('--follow is for logs.')
  return {
    help: values.help,
    command: known,
    names: readNames(names, known === 'down' ? serviceNames : stackServices),
    folder: values.folder,
    lines: lines.data,
    follow: values.follow,
  }
}

/** In the order of `serviceNames`, each once. */
function readNames(names: readonly string[], otherwise: readonly ServiceName[]): readonly ServiceName[] {
  const unknown = names.find((name) => name !== 'all' && !serviceNames.some((known) => known === name))
  if (unknown !== undefined) throw new UsageError(`There is no service ${unknown}.`)
  if (names.length === 0) return otherwise
  return names.includes('all') ? serviceNames : serviceNames.filter((known) => names.includes(known))
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        folder: { type: 'string' },
        lines: { type: 'string', default: '20' },
        follow: { type: 'boolean', short: 'f', default: false },
      },
    })
  } catch (thrown) {
    throw new UsageError(asError(thrown).message)
  }
}
