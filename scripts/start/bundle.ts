import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openInfer } from '../../functions/infer/open-infer.ts'
import { startPredict } from '../../functions/predict/index.ts'
import { findModel, type ModelRow } from '../../functions/predict/sql/find-model.ts'
import { listUpcomingMatches, type UpcomingMatch } from '../../functions/predict/sql/list-upcoming-matches.ts'
import { openJournal } from '../../functions/runtime/broker/journal.ts'
import { createMemoryBroker } from '../../functions/runtime/broker/memory-broker.ts'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import type { Lifecycle } from '../../functions/runtime/lifecycle/lifecycle.ts'
import { createMetrics } from '../../functions/runtime/metrics/metrics.ts'
import type { Context } from '../../functions/runtime/serve/context.ts'
import { host } from '../../functions/runtime/serve/host.ts'
import { type OpenFunction, serve } from '../../functions/runtime/serve/serve.ts'
import { openStores } from '../../functions/runtime/stores/open-stores.ts'
import { openScrape } from '../../functions/scrape/open-scrape.ts'
import { keepAskingForFixtures } from './ask-for-fixtures.ts'
import { markRun } from './func-runs.ts'
import { openSite, type Site } from './open-site.ts'
import { findFreePorts } from './ports.ts'
import type { StartNeeds } from './run-command.ts'
import { makeTriggers } from './triggers.ts'

export interface Bundle {
  readonly url: string
  readonly urls: Readonly<Record<'predict' | 'scrape' | 'infer', string>>
  readonly site: string
  readonly model: ModelRow | undefined
  readonly nextMatch: UpcomingMatch | undefined
  readonly journal: string
  readonly folder: string
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const firstFixturesTimeoutMs = 20_000

/** Starts the three functions in this process, wired by the memory broker over HTTP on this machine. */
export async function startBundle(needs: StartNeeds): Promise<Bundle> {
  const { log, lifecycle, port, folder } = needs
  const [scrapePort = 0, inferPort = 0, sitePort = 0] = await findFreePorts(port + 1, 3)
  const local = (at: number) => `http://localhost:${at}`
  const urls = { predict: local(port), scrape: local(scrapePort), infer: local(inferPort) }
  const site = await openSite(needs.config.SCRAPE_BASE_URL, sitePort, lifecycle)

  const journal = join(folder, 'journal', 'events.ndjson')
  const broker = await openBroker(needs, urls, journal)
  const { publish } = broker
  const stores = await openStores({ ...needs.config, DATA_DIR: folder }, { log, lifecycle, publish })
  const context: Context = {
    environment: environmentOf(needs, site),
    log,
    metrics: createMetrics(),
    lifecycle,
    stores,
  }
  await startFunction('infer', openInfer, context, inferPort)
  await startFunction('scrape', openScrape, context, scrapePort)
  await startPredict(context)
  // Last opened, first closed: deliveries end before the functions they go to.
  lifecycle.onStop('broker', () => broker.close())
  await markRuns(
    [
      ['.', port],
      ['functions/scrape', scrapePort],
      ['functions/infer', inferPort],
    ],
    lifecycle,
  )

  await keepAskingForFixtures({ publish, log, lifecycle })
  const nextMatch = await waitForFixtures(stores.database)
  const model = await findModel(stores.database, 'champion')
  return { url: urls.predict, urls, site: site.url, model, nextMatch, journal, folder }
}

function environmentOf({ environment, folder, port, host: address }: StartNeeds, site: Site): Environment {
  return { ...environment, ...site.variables, DATA_DIR: folder, PORT: String(port), HOST: address }
}

async function openBroker({ folder, log, lifecycle }: StartNeeds, urls: Bundle['urls'], journalFile: string) {
  const journal = await openJournal(journalFile, { maxBytes: 64 * 1_048_576, keep: 4 })
  lifecycle.onStop('journal', () => journal.close())
  const deadLetters = await openJournal(join(folder, 'dead-letters', 'events.ndjson'), {
    maxBytes: 16 * 1_048_576,
    keep: 4,
    sync: true,
  })
  lifecycle.onStop('dead letters', () => deadLetters.close())
  return createMemoryBroker({ triggers: makeTriggers(urls), journal, deadLetters, log })
}

async function startFunction(
  name: 'scrape' | 'infer',
  open: OpenFunction,
  context: Context,
  port: number,
): Promise<void> {
  const face = serve(name, () => Promise.resolve(context), open)
  const server = await host(face, { port, folder: join(root, 'functions', name), loopbackOnly: true })
  context.lifecycle.onStop(name, () => {
    server.close()
    server.closeAllConnections()
  })
}

async function markRuns(runs: readonly (readonly [string, number])[], lifecycle: Lifecycle): Promise<void> {
  for (const [folder, port] of runs)
    lifecycle.onStop('func run marker', await markRun(join(root, folder), port))
}

/** The first match to offer; undefined where the site is slow: the bundle serves without it. */
async function waitForFixtures(database: Context['stores']['database']): Promise<UpcomingMatch | undefined> {
  const deadline = Date.now() + firstFixturesTimeoutMs
  while (Date.now() < deadline) {
    const [match] = await listUpcomingMatches(database, { from: new Date(), after: undefined, limit: 1 })
    if (match) return match
    await sleep(100)
  }
  return undefined
}
