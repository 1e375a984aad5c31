import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Environment, processEnvironment } from '../../functions/runtime/config/read-config.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { findChromium } from './chromium.ts'
import { startTestServices } from './test-services.ts'

const help = `Runs the tests against real parts, which it installs with apt when it may and starts on private ports.

  npm test                      everything
  npm test -- --grep WORDS      what mocha understands is passed on
  npm test -- test/unit/x.test.ts

  TEST_DATABASE_URL             use this PostgreSQL instead of starting one (its tables are dropped!)
  TEST_REDIS_URL                use this Redis instead of starting one (keys of the tests' own prefix)
  TEST_RABBITMQ_URL             use this RabbitMQ instead of starting one (queues and exchanges of the tests' own)
  TEST_RABBITMQ_MANAGEMENT_URL  its management face, with the user and the password
`

/** Not mocha's --exit: a timer that a test leaves behind must hang the run, so the run needs a bound of its own. */
const runTimeoutMs = 15 * 60_000

const allTests = 'test/{unit,contract,integration,system,browser}/**/*.test.ts'

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(help)
    return 0
  }
  const environment = processEnvironment()
  const interruption = catchSignals()
  findChromium()
  const services = await startTestServices(environment)
  try {
    if (interruption.caught()) return 130
    const child = startMocha(args, { ...environment, ...services.variables })
    interruption.passOnTo(child)
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code === null)
      console.error(`The tests did not end within ${runTimeoutMs / 60_000} minutes, or were stopped.`)
    return code ?? 1
  } finally {
    await services.stop()
  }
}

function startMocha(args: readonly string[], env: Environment): ChildProcess {
  const chosen = args.some((arg) => arg.endsWith('.test.ts'))
  const mocha = ['mocha', '--forbid-only', ...(chosen ? [] : [allTests]), ...args]
  return spawn('c8', ['--reporter', 'text-summary', '--reporter', 'lcovonly', ...mocha], {
    stdio: 'inherit',
    timeout: runTimeoutMs,
    env,
  })
}

/** The servers do not end with us, so a signal must not end us before they are stopped. */
function catchSignals() {
  let caught = false
  let child: ChildProcess | undefined
  const end = () => {
    caught = true
    child?.kill('SIGTERM')
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  return {
    caught: () => caught,
    passOnTo: (started: ChildProcess) => {
      child = started
    },
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  console.error(asError(thrown).message)
  process.exitCode = 1
}
