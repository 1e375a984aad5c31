import { type Environment, processEnvironment } from '../../functions/runtime/config/read-config.ts'
import { runCommandLine } from '../run-command-line.ts'
import { requireGoProgram } from '../services/build-go-program.ts'
import { downloadGoModule } from '../services/download-go-module.ts'
import { findInPath, requireProgram } from '../services/require-program.ts'
import { runMocha } from '../test/run-mocha.ts'
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

async function run({ args }: { readonly args: readonly string[] }): Promise<number> {
  const environment = processEnvironment()
  requireProgram(() => findInPath('ip', environment), ['iproute2'])
  const programs = await preparePrograms(environment)
  return runMocha({ args, allTests, environment: { ...environment, ...programs }, timeoutMs: runTimeoutMs })
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

const read = (args: readonly string[]) => ({ help: args.includes('--help'), args })

await runCommandLine({ command: 'npm run test:platform', help, read, run })
