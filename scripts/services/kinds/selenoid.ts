import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { ask } from '../ask.ts'
import { type GoProgram, requireGoProgram } from '../build-go-program.ts'
import { existing, findInPath, requireProgram } from '../require-program.ts'
import type { Service } from '../service.ts'
import { ServiceError } from '../service-error.ts'

const build: GoProgram = {
  name: 'selenoid',
  module: 'github.com/aerokube/selenoid',
  version: 'v0.0.0-20240520175821-773c202b01e3',
  path: '.',
  linked: { 'main.gitRevision': '1.11.3' },
  // The tag of this release has no "v", so the sum database does not know it.
  variables: { GONOSUMDB: 'github.com/aerokube/selenoid' },
}

const sessions = '2'
const driver = '/usr/bin/chromedriver'

const statusSchema = z.object({ total: z.number(), used: z.number() })
const pingSchema = z.object({ version: z.string() })

export const selenoid: Service = {
  title: 'Selenoid',
  variable: 'BROWSER_URL',
  needs: [],
  ports: ['main'],
  secrets: [],
  startTimeoutMs: 30_000,
  stopSignal: 'SIGTERM',
  killWhenNotDurable: true,
  addressOf: ({ port }) => ({ url: `http://127.0.0.1:${port('main')}/wd/hub`, urls: {} }),
  async prepare(place) {
    requireProgram(() => existing('/usr/bin/chromium'), ['chromium'])
    requireProgram(() => existing(driver), ['chromium-driver'])
    const file = findInPath('selenoid', place.environment) ?? (await requireGoProgram(build, place))
    const browsers = join(place.folder, 'browsers.json')
    const version = driverVersion()
    const chrome = { default: version, versions: { [version]: { image: [driver], path: '/' } } }
    writeFileSync(browsers, `${JSON.stringify({ chrome }, null, 2)}\n`)
    const address = `127.0.0.1:${place.port('main')}`
    return {
      file,
      args: ['-disable-docker', '-conf', browsers, '-limit', sessions, '-listen', address, '-timeout', '5m'],
      variables: { HOME: place.folder },
    }
  },
  async check({ url }) {
    statusSchema.parse(JSON.parse(await ask(new URL('/status', url).href)))
    return pingSchema.parse(JSON.parse(await ask(new URL('/ping', url).href))).version
  },
}

function driverVersion(): string {
  const said = execFileSync(driver, ['--version'], { encoding: 'utf8' })
  const version = /(\d+\.\d+)\./.exec(said)?.[1]
  if (version === undefined) throw new ServiceError(`${driver} does not say its version.`)
  return version
}
