import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Environment, processEnvironment } from '../../functions/runtime/config/read-config.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { requireGoProgram } from '../services/build-go-program.ts'
import { startTestServices } from '../test/test-services.ts'
import { downloadGoModule } from './download-go-module.ts'
import { conformanceModule, platformPrograms } from './platform-programs.ts'

const help = `Runs the functions behind Knative's own programs: the broker's ingress and dispatchers, the proxy in front of
each function, the func CLI; and the CloudEvents conformance vectors.

  npm run test:platform                    everything
  npm run test:platform -- --grep WORDS    what mocha understands is passed on
  npm run test:platform -- test/platform/x.test.ts

The programs are built with Go 1.26 once (minutes) and kept in ~/.cache/soccer-function-bundle. The tests of the proxy
make a network namespace and need root and iproute2. The variables of npm test (TEST_DATABASE_URL …) hold here, too.
`

const runTimeoutMs = 30 * 60_000
const allTests = 'test/platform/**/*.test.ts'

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(help)
    return 0
  }
  const environment = processEnvironment()
  const interruption = catchSignals()
  const programs = await preparePrograms(environment)
  const services = await startTestServices(environment)
  try {
    if (interruption.caught()) return 130
    const child = startMocha(args, { ...environment, ...services.variables, ...programs })
    interruption.passOnTo(child)
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code === null)
      console.error(`The tests did not end within ${runTimeoutMs / 60_000} minutes, or were stopped.`)
    return code ?? 1
  } finally {
    await services.stop()
  }
}

/** One after the other: Go uses every core for one build already. */
async function preparePrograms(environment: Environment): Promise<Record<string, string>> {
  const variables: Record<string, string> = {
    TEST_CONFORMANCE_FOLDER: await downloadGoModule(conformanceModule, environment),
  }
  for (const program of platformPrograms) {
    const variable = `TEST_PROGRAM_${program.name.toUpperCase().replaceAll('-', '_')}`
    variables[variable] = await requireGoProgram(program, { environment, tell: console.error })
  }
  return variables
}

function startMocha(args: readonly string[], env: Environment): ChildProcess {
  const chosen = args.some((arg) => arg.endsWith('.test.ts'))
  const mocha = ['--forbid-only', ...(chosen ? [] : [allTests]), ...args]
  return spawn('mocha', mocha, { stdio: 'inherit', timeout: runTimeoutMs, env })
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
