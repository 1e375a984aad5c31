import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { processEnvironment } from '../../functions/runtime/config/read-config.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { findChromium } from './chromium.ts'
import { startPostgres } from './postgres.ts'
import { startRedis } from './redis.ts'
import type { TestServer } from './test-server.ts'

const help = `Runs the tests against real parts, which it installs with apt when it may and starts on private ports.

  npm test                      everything
  npm test -- --grep WORDS      what mocha understands is passed on
  npm test -- test/unit/x.test.ts

  TEST_DATABASE_URL             use this PostgreSQL instead of starting one (its tables are dropped!)
  TEST_REDIS_URL                use this Redis instead of starting one (keys of the tests' own prefix)
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
  findChromium()
  const servers: TestServer[] = []
  try {
    const postgres = await startPostgres(environment)
    servers.push(postgres)
    const redis = await startRedis(environment)
    servers.push(redis)
    const chosen = args.some((arg) => arg.endsWith('.test.ts'))
    const mocha = ['mocha', '--forbid-only', ...(chosen ? [] : [allTests]), ...args]
    const child = spawn('c8', ['--reporter', 'text-summary', '--reporter', 'lcovonly', ...mocha], {
      stdio: 'inherit',
      timeout: runTimeoutMs,
      env: { ...environment, TEST_DATABASE_URL: postgres.url, TEST_REDIS_URL: redis.url },
    })
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code === null)
      console.error(`The tests did not end within ${runTimeoutMs / 60_000} minutes, or were stopped.`)
    return code ?? 1
  } finally {
    for (const server of servers) await server.stop()
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (thrown) {
  console.error(asError(thrown).message)
  process.exitCode = 1
}
