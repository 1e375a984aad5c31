import { parseArgs } from 'node:util'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { startDemonstrationSite } from './site.ts'

const help = `Serves the demonstration site: pages in the structure of the real source, with invented players, fixtures and results.

  npx node scripts/demonstration/main.ts [--port N]

  --port N   port on this machine (default 8090; 0 takes a free one)
  --help     this text

Ctrl-C ends it.`

async function run(): Promise<void> {
  const { port, wantsHelp } = readArguments()
  if (wantsHelp) {
    console.log(help)
    return
  }
  const site = await startDemonstrationSite({ port, now: () => new Date() })
  console.log(`The demonstration site is at ${site.url} (Ctrl-C ends it).`)
  const stop = () => {
    site.close().catch((thrown: unknown) => fail(asError(thrown)))
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

function readArguments(): { port: number; wantsHelp: boolean } {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '8090' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const port = Number(values.port)
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535)
    throw new Error(`--port must be a number up to 65535, not "${values.port}".`)
  return { port, wantsHelp: values.help }
}

function fail(error: Error): void {
  console.error(`${error.message}\n\n${help}`)
  process.exitCode = 2
}

await run().catch((thrown: unknown) => fail(asError(thrown)))
