import { processEnvironment } from '../../functions/runtime/config/read-config.ts'
import { runCommandLine } from '../run-command-line.ts'
import { findChromium } from './chromium.ts'
import { runMocha } from './run-mocha.ts'

const help = `Runs the tests against real parts, which it installs with apt when it may and starts on private ports.

  npm test                      everything
  npm test -- --grep WORDS      what mocha understands is passed on
  npm test -- test/unit/x.test.ts

  TEST_DATABASE_URL             use this PostgreSQL instead of starting one (its tables are dropped!)
  TEST_REDIS_URL                use this Redis instead of starting one (keys of the tests' own prefix)
  TEST_RABBITMQ_URL             use this RabbitMQ instead of starting one (queues and exchanges of the tests' own)
  TEST_RABBITMQ_MANAGEMENT_URL  its management face, with the user and the password
`

const runTimeoutMs = 15 * 60_000

const allTests = 'test/{unit,contract,integration,system,browser}/**/*.test.ts'

async function run({ args }: { readonly args: readonly string[] }): Promise<number> {
  findChromium()
  const through = ['c8', '--reporter', 'text-summary', '--reporter', 'lcovonly']
  const environment = processEnvironment()
  return runMocha({ through, args, allTests, environment, timeoutMs: runTimeoutMs })
}

const read = (args: readonly string[]) => ({ help: args.includes('--help'), args })

await runCommandLine({ command: 'npm test', help, read, run })
