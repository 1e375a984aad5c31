import { parseArgs } from 'node:util'
import { z } from 'zod'
import { port } from '../../functions/runtime/config/variables.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { UsageError } from '../usage-error.ts'

export const help = `Runs the whole bundle on this machine: predict, scrape and infer in one process, with embedded stores.

  npm start -- [options]

  --port N      port of the web page and the API; the other functions take the next free ports (default: PORT or 8080)
  --host H      address to listen on (default: 127.0.0.1, this machine only)
  --data DIR    folder for everything that is kept (default: DATA_DIR or ./data)
  --fresh       forget what the folder holds and begin anew
  --help        this text

Exit codes: 0 ended as asked · 1 something broke · 2 wrong use or settings · 3 the port is taken · 4 the folder is in use
`

export interface StartOptions {
  readonly help: boolean
  readonly port: number | undefined
  readonly host: string
  readonly data: string | undefined
  readonly fresh: boolean
}

/** @throws UsageError */
export function readOptions(args: readonly string[]): StartOptions {
  const { values } = parse(args)
  const chosen = values.port === undefined ? undefined : port.refine((n) => n > 0).safeParse(values.port)
  if (chosen && !chosen.success) throw new UsageError(`--port ${values.port} is not a port: give 1 to 65535.`)
  if (values.data === '') throw new UsageError('--data needs the name of a folder.')
  return {
    help: values.help,
    port: chosen?.data,
    host: z.string().min(1).parse(values.host),
    data: values.data,
    fresh: values.fresh,
  }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        port: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        data: { type: 'string' },
        fresh: { type: 'boolean', default: false },
      },
    })
  } catch (thrown) {
    throw new UsageError(asError(thrown).message)
  }
}
