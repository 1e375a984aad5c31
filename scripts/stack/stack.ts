import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { declareTopology } from '../../functions/runtime/broker/rabbit/declare-topology.ts'
import { describeTopology } from '../../functions/runtime/broker/rabbit/topology.ts'
import { publishToSink } from '../../functions/runtime/http/publish-to-sink.ts'
import type { RunningService } from '../services/service.ts'
import { startService } from '../services/start-service.ts'
import { stopService } from '../services/stop-service.ts'
import { keepAskingForFixtures } from '../start/ask-for-fixtures.ts'
import { markRun } from '../start/func-runs.ts'
import { openSite } from '../start/open-site.ts'
import { findFreePorts } from '../start/ports.ts'
import type { StartNeeds } from '../start/run-command.ts'
import { formatLine } from './format-log.ts'
import { localBroker, localTriggers } from './local-broker.ts'
import { planProcesses, type StackAddresses } from './plan-processes.ts'
import { type ProcessPlan, type SupervisedProcess, superviseProcess } from './supervised-process.ts'
import { watchFunctions } from './watch-functions.ts'

export interface Stack {
  readonly addresses: StackAddresses
  readonly site: string
  readonly processes: readonly SupervisedProcess[]
  readonly services: StackServices
  readonly folder: string
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const publishTimeoutMs = 5_000
const firstFixturesTimeoutMs = 20_000

export type StackServices = Readonly<Record<'postgres' | 'redis' | 'rabbitmq', RunningService>>

export interface StackNeeds extends StartNeeds {
  /** Whether functions start again when their files change. */
  readonly watch: boolean
  /** Takes the log of all processes. */
  readonly print: (line: string) => void
}

/** Starts what is missing of the services, then every part in a process of its own. */
export async function startStack(needs: StackNeeds): Promise<Stack> {
  const { log, lifecycle, folder, port, config } = needs
  const services = await startServices(needs)
  const [scrape = 0, infer = 0, ingress = 0, sitePort = 0] = await findFreePorts(port + 1, 4)
  const local = (at: number) => `http://localhost:${at}`
  const addresses = {
    functions: { predict: local(port), scrape: local(scrape), infer: local(infer) },
    ingress: local(ingress),
  }
  const site = await openSite(config.SCRAPE_BASE_URL, sitePort, lifecycle)
  const environment = {
    ...needs.environment,
    ...urlsOf(services),
    ...site.variables,
    DATA_DIR: folder,
    LOG_FORMAT: 'json',
  }
  const plan = planProcesses({ addresses, environment, host: needs.host })
  // Ended in the reverse order: those who wait at predict are answered before anything they wait for ends.
  const processes: SupervisedProcess[] = []
  for (const plans of plan) processes.push(...(await superviseAll(plans, needs)))
  const functions = processes.filter(({ plan: { file } }) => file.startsWith('functions/'))
  if (needs.watch) lifecycle.onStop('watch', watchFunctions(functions, log))
  await markRuns(addresses, lifecycle)

  await keepAskingForFixtures({ publish: publishToSink(addresses.ingress, publishTimeoutMs), log, lifecycle })
  await waitForFixtures(addresses.functions.predict)
  return { addresses, site: site.url, processes, services, folder }
}

/** Those that run already are used and left running. */
async function startServices({ folder, environment, lifecycle, log }: StackNeeds): Promise<StackServices> {
  const options = { folder: join(folder, 'services'), environment, tell: (line: string) => log.info(line) }
  const [postgres, redis, rabbitmq] = await Promise.all([
    startService('postgres', options),
    startService('redis', options),
    startService('rabbitmq', options),
  ])
  for (const { name, started } of [postgres, redis, rabbitmq]) {
    if (started) lifecycle.onStop(name, async () => void (await stopService(name, options.folder)))
  }
  const topology = describeTopology(localBroker, localTriggers())
  await declareTopology({ url: rabbitmq.url, managementUrl: rabbitmq.urls['management'], topology, log })
  return { postgres, redis, rabbitmq }
}

function urlsOf({ postgres, redis, rabbitmq }: StackServices) {
  return { DATABASE_URL: postgres.url, REDIS_URL: redis.url, RABBITMQ_URL: rabbitmq.url }
}

async function superviseAll(
  plans: readonly ProcessPlan[],
  { lifecycle, config, print }: StackNeeds,
): Promise<SupervisedProcess[]> {
  const processes = plans.map((plan) => {
    const onLine = (line: string) => print(formatLine(plan.name, line))
    return superviseProcess(plan, { onLine, graceMs: config.SHUTDOWN_GRACE_MS })
  })
  const names = plans.map(({ name }) => name).join(', ')
  lifecycle.onStop(names, async () => void (await Promise.all(processes.map((one) => one.stop()))))
  await Promise.all(processes.map((one) => one.ready()))
  return processes
}

async function markRuns({ functions }: StackAddresses, lifecycle: StartNeeds['lifecycle']): Promise<void> {
  const folders = { predict: '.', scrape: 'functions/scrape', infer: 'functions/infer' }
  for (const [name, url] of Object.entries(functions) as [keyof typeof folders, string][])
    lifecycle.onStop('func run marker', await markRun(join(root, folders[name]), Number(new URL(url).port)))
}

const matchList = z.object({ matches: z.array(z.unknown()) })

/** A slow site does not keep the stack from serving. */
async function waitForFixtures(predictUrl: string): Promise<void> {
  const deadline = Date.now() + firstFixturesTimeoutMs
  while (Date.now() < deadline) {
    const response = await fetch(`${predictUrl}/predict/matches`)
    const list = matchList.safeParse(await response.json())
    if (list.success && list.data.matches.length > 0) return
    await sleep(100)
  }
}
