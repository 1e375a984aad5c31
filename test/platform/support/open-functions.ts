import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { demonstrationStages, startDemonstrationSite } from '../../../scripts/demonstration/site.ts'
import { type FunctionName, functionNames, listSubscriptions } from '../../../scripts/start/triggers.ts'
import { root } from '../../support/running-bundle.ts'
import type { DataPlane, OpenDataPlane, Subscription } from './data-plane.ts'
import { platform } from './platform.ts'
import { freePort, type Program, startProgram, untilUp } from './program.ts'

/** The three functions, each in a process of its own, behind a data plane, over their real stores. */
export interface Functions {
  readonly plane: DataPlane
  readonly urls: Readonly<Record<FunctionName, string>>
  readonly site: HeldSite
  program(name: FunctionName): Program
  /** At its old address. */
  start(name: FunctionName): Promise<void>
  close(): Promise<void>
}

/** The triggers of `npm run stack`, with less patience. */
export function triggersOf(urls: Readonly<Record<FunctionName, string>>): Subscription[] {
  return listSubscriptions().map(({ name, filter, subscriber, parallelism, timeoutMs }) => {
    return { name, filter, url: urls[subscriber], retry: 5, backoffDelayMs: 100, timeoutMs, parallelism }
  })
}

export async function openFunctions(
  open: OpenDataPlane,
  more: (urls: Functions['urls']) => readonly Subscription[],
): Promise<Functions> {
  const ports = { predict: await freePort(), scrape: await freePort(), infer: await freePort() }
  const urls = {
    predict: `http://127.0.0.1:${ports.predict}/`,
    scrape: `http://127.0.0.1:${ports.scrape}/`,
    infer: `http://127.0.0.1:${ports.infer}/`,
  }
  const folder = mkdtempSync(join(tmpdir(), 'soccer-platform-'))
  const site = await startHeldSite()
  const stores = await openStores()
  const plane = await open([...triggersOf(urls), ...more(urls)])
  const programs = new Map<FunctionName, Program>()
  const start = async (name: FunctionName) => {
    const program = startProgram(process.execPath, [join(root, `functions/${name}/index.ts`)], {
      PORT: String(ports[name]),
      HOST: '127.0.0.1',
      LOG_LEVEL: 'warn',
      DATA_DIR: join(folder, name),
      MODEL_DIR: join(root, 'models'),
      K_SINK: plane.ingressUrl,
      ...stores.variables,
      SCRAPE_BASE_URL: site.url,
      SCRAPE_SOURCE: 'demonstration',
      SCRAPE_READER: 'http',
      SCRAPE_STAGES: demonstrationStages.join(','),
      SCRAPE_GAP_MS: '1',
      SCRAPE_DAILY_PAGES: '10000',
    })
    programs.set(name, program)
    await untilUp(program, async () => (await fetch(new URL('/health/readiness', urls[name]))).ok)
  }
  await Promise.all(functionNames.map(start))
  return {
    plane,
    urls,
    site,
    start,
    program: (name) => {
      const program = programs.get(name)
      if (!program) throw new Error(`${name} was not started`)
      return program
    },
    async close() {
      await Promise.all([...programs.values()].map((program) => program.stop()))
      await plane.close()
      await site.close()
      await stores.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A database of its own, and an emptied number of Redis. */
async function openStores() {
  const name = `platform_${randomUUID().replaceAll('-', '')}`
  const admin = new Client({ connectionString: platform('TEST_DATABASE_URL') })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  const databaseUrl = new URL(platform('TEST_DATABASE_URL'))
  databaseUrl.pathname = name
  const redisUrl = new URL(platform('TEST_REDIS_URL'))
  redisUrl.pathname = '/11'
  const redis = new Redis(redisUrl.href)
  await redis.flushdb()
  redis.disconnect()
  return {
    variables: { DATABASE_URL: databaseUrl.href, REDIS_URL: redisUrl.href },
    async close() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
      await admin.end()
    },
  }
}

export interface HeldSite {
  readonly url: string
  /** Answers no page of a match until it is called again; resolves with the first that is asked for. */
  hold(): { readonly asked: Promise<string>; release(): void }
  close(): Promise<void>
}

/** The demonstration site, behind a door that a test can keep shut. */
async function startHeldSite(): Promise<HeldSite> {
  const site = await startDemonstrationSite({ port: 0, now: () => new Date() })
  let shut: { opened: Promise<void>; tell: (path: string) => void } | undefined
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const held = shut
    const isMatch = path.toLowerCase().startsWith('/matches/')
    if (held && isMatch) held.tell(path)
    const wait = held && isMatch ? held.opened : Promise.resolve()
    wait.then(() => passOn(site.url, path, response)).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold() {
      const opened = Promise.withResolvers<void>()
      const asked = Promise.withResolvers<string>()
      shut = { opened: opened.promise, tell: asked.resolve }
      return {
        asked: asked.promise,
        release() {
          shut = undefined
          opened.resolve()
        },
      }
    },
    async close() {
      server.close()
      server.closeAllConnections()
      await site.close()
    },
  }
}

async function passOn(site: string, path: string, response: ServerResponse): Promise<void> {
  const answer = await fetch(new URL(path, site), { redirect: 'manual' })
  const { status, headers } = answer
  const kept = ['content-type', 'location'].flatMap((name) => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  response.writeHead(status, Object.fromEntries(kept)).end(await answer.text())
}
