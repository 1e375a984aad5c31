import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Environment, processEnvironment } from '../../functions/runtime/config/read-config.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { runCommandLine } from '../run-command-line.ts'
import { findGiven } from './find-given.ts'
import { describeInspections, inspectService } from './inspect-service.ts'
import { logFile } from './launch.ts'
import { help, readOptions, type ServicesOptions } from './options.ts'
import { hidePassword } from './secrets.ts'
import type { ServiceName } from './service.ts'
import { ServiceError } from './service-error.ts'
import { services } from './services.ts'
import { startService } from './start-service.ts'
import { stopService } from './stop-service.ts'

interface Where {
  readonly folder: string
  readonly environment: Environment
}

interface Task extends Where {
  readonly options: ServicesOptions
  readonly names: readonly ServiceName[]
}

const tell = (line: string) => console.error(line)

/** Those that others need first; those of one round at the same time. */
async function up({ names, folder, environment }: Task): Promise<number> {
  const wanted = new Set(names.flatMap((name) => [...services[name].needs, name]))
  // A variable that holds no address is found before anything is started.
  for (const name of wanted) findGiven(name, { folder, environment })
  const first = [...wanted].filter((name) => services[name].needs.length === 0)
  const then = [...wanted].filter((name) => services[name].needs.length > 0)
  let code = 0
  for (const round of [first, then]) {
    const results = await Promise.all(round.map((name) => upOne(name, { folder, environment })))
    if (results.includes(false)) code = 1
  }
  return code
}

async function upOne(name: ServiceName, where: Where): Promise<boolean> {
  const startedMs = Date.now()
  try {
    const { url, version, ours, started } = await startService(name, { ...where, tell })
    const seconds = ((Date.now() - startedMs) / 1_000).toFixed(1)
    const how = started ? `started in ${seconds} s` : ours ? 'was up' : `answers (${services[name].variable})`
    console.log([name, version, `${how}:`, hidePassword(url)].filter((word) => word !== '').join(' '))
    return true
  } catch (thrown) {
    tell(`${name}: ${asError(thrown).message}`)
    return false
  }
}

/** Those that need others first; those of one round at the same time. */
async function down({ names, folder, environment }: Task): Promise<number> {
  const first = names.filter((name) => services[name].needs.length > 0)
  const then = names.filter((name) => services[name].needs.length === 0)
  let code = 0
  for (const round of [first, then]) {
    const results = await Promise.all(round.map((name) => downOne(name, { folder, environment })))
    if (results.includes(false)) code = 1
  }
  return code
}

async function downOne(name: ServiceName, where: Where): Promise<boolean> {
  try {
    if (await stopService(name, where.folder)) console.log(`${name} stopped`)
    else if (findGiven(name, where)) {
      console.log(`${name} is not ours (${services[name].variable}) and was left alone`)
    }
    return true
  } catch (thrown) {
    tell(`${name}: ${asError(thrown).message}`)
    return false
  }
}

async function status({ names, folder, environment }: Task): Promise<number> {
  const inspections = await Promise.all(names.map((name) => inspectService(name, { folder, environment })))
  console.log(describeInspections(inspections))
  return inspections.every((one) => one.up) ? 0 : 1
}

async function printVariables({ names, folder, environment }: Task): Promise<number> {
  const inspections = await Promise.all(names.map((name) => inspectService(name, { folder, environment })))
  for (const { name, address } of inspections) {
    if (address === undefined) {
      tell(`${name}: there is none; npm run services -- up ${name} starts one`)
      continue
    }
    const variables = [[services[name].variable, address.url]]
    if (address.urls['management'] !== undefined)
      variables.push(['RABBITMQ_MANAGEMENT_URL', address.urls['management']])
    for (const [variable, value = ''] of variables)
      console.log(`export ${variable}='${value.replaceAll("'", `'\\''`)}'`)
  }
  return inspections.every(({ address }) => address !== undefined) ? 0 : 1
}

async function logs({ names, folder, options }: Task): Promise<number> {
  const files = names.map((name) => logFile(join(folder, name))).filter((file) => existsSync(file))
  if (files.length === 0) throw new ServiceError(`No log of ${names.join(', ')} lies in ${folder}.`)
  const follow = options.follow ? ['-F'] : []
  const child = spawn('tail', ['-n', String(options.lines), ...follow, ...files], { stdio: 'inherit' })
  const [code] = (await once(child, 'exit')) as [number | null]
  return code ?? 0
}

const commands = { up, down, status, logs, env: printVariables }

function run(options: ServicesOptions): Promise<number> {
  const environment = processEnvironment()
  const folder = resolve(options.folder ?? join(environment['DATA_DIR'] || 'data', 'services'))
  return commands[options.command]({ options, names: options.names, folder, environment })
}

await runCommandLine({ command: 'npm run services', help, read: readOptions, run })
