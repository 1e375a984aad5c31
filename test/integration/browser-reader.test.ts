import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { NotNowError } from '../../functions/runtime/errors/errors.ts'
import { type BrowserReader, createBrowserReader } from '../../functions/scrape/readers/browser-reader.ts'
import type { BrowserFiles } from '../../functions/scrape/readers/find-browser.ts'
import { failureOf, type Site, startSite } from '../contract/page-reader.ts'
import { startGridDouble } from '../support/grid-double.ts'
import { requireBrowser } from '../support/require-browser.ts'

const pageTimeoutMs = 5_000

/** The processes that still carry the profile in their command line. */
async function processesOf(profile: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return pids.filter((_, index) => lines[index]?.includes(profile))
}

async function listProfiles(): Promise<string[]> {
  const names = await readdir(tmpdir())
  return names.filter((name) => name.startsWith('scrape-browser-')).map((name) => join(tmpdir(), name))
}

describe('browser of this machine', () => {
  let place: BrowserFiles
  let site: Site
  let folder: string
  const usualFolder = process.env['TMPDIR']
  const open: BrowserReader[] = []

  before(async () => {
    place = await requireBrowser()
    site = await startSite()
  })

  beforeEach(async () => {
    // A folder of one's own: others on this machine may be starting browsers too.
    folder = await mkdtemp(join(tmpdir(), 'browser-reader-'))
    process.env['TMPDIR'] = folder
  })

  afterEach(async () => {
    await Promise.all(open.splice(0).map((reader) => reader.close()))
    if (usualFolder === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = usualFolder
    await rm(folder, { recursive: true, force: true })
  })

  after(() => site?.close())

  function create(
    options: { idleMs?: number; sessionTimeoutMs?: number; place?: BrowserFiles } = {},
  ): BrowserReader {
    const reader = createBrowserReader({ place, pageTimeoutMs, ...options })
    open.push(reader)
    return reader
  }

  async function ownProfile(): Promise<string> {
    const [profile = ''] = await listProfiles()
    return profile
  }

  it('leaves neither process nor profile behind', async () => {
    const reader = create()
    await reader.read(`${site.url}/page`)
    const profile = await ownProfile()
    expect(await processesOf(profile)).not.to.have.length(0)
    await reader.close()
    expect(await processesOf(profile)).to.have.length(0)
    expect(await listProfiles()).not.to.include(profile)
    const failure = await failureOf(reader.read(`${site.url}/page`))
    expect(failure.code).to.equal('browser_unavailable')
  })

  it('keeps one browser for many pages, and replaces one that died', async () => {
    const reader = create()
    await reader.read(`${site.url}/page`)
    const profile = await ownProfile()
    await reader.read(`${site.url}/json`)
    expect(await ownProfile()).to.equal(profile)
    const pid = Number((await readlink(join(profile, 'SingletonLock'))).split('-').at(-1))
    process.kill(pid, 'SIGKILL')
    const page = await reader.read(`${site.url}/page`)
    expect(page.body).to.contain('Ødegård')
    expect(await ownProfile()).not.to.equal(profile)
  })

  it('closes a browser that nobody uses', async () => {
    const reader = create({ idleMs: 200 })
    await reader.read(`${site.url}/page`)
    const profile = await ownProfile()
    const deadline = Date.now() + 5_000
    while ((await listProfiles()).includes(profile) && Date.now() < deadline) await sleep(50)
    expect(await listProfiles()).not.to.include(profile)
    expect((await reader.read(`${site.url}/page`)).status).to.equal(200)
  })

  it('ends a read in progress when it is closed', async () => {
    const reader = create()
    const pending = failureOf(reader.read(`${site.url}/never`))
    await sleep(1_500)
    const startMs = performance.now()
    await reader.close()
    expect(await pending).to.be.instanceOf(NotNowError)
    expect(performance.now() - startMs).to.be.below(pageTimeoutMs + 6_000)
    expect(await listProfiles()).to.deep.equal([])
  })

  it('says so when there is no browser to be had, and cleans up', async () => {
    const failure = await failureOf(
      create({ place: { ...place, browser: '/bin/false' } }).read(`${site.url}/page`),
    )
    expect(failure).to.be.instanceOf(NotNowError)
    expect(failure.code).to.equal('browser_unavailable')
    expect(await listProfiles()).to.deep.equal([])
  })

  it('leaves no browser behind that comes too late', async () => {
    const failure = await failureOf(create({ sessionTimeoutMs: 50 }).read(`${site.url}/page`))
    expect(failure.code).to.equal('browser_unavailable')
    await sleep(500)
    expect(await listProfiles()).to.deep.equal([])
    expect(await processesOf(folder)).to.deep.equal([])
  })
})

describe('browser of a grid', () => {
  it('asks Selenoid for a session that outlives a pause, and does not queue at a full one', async () => {
    const files = await requireBrowser()
    const site = await startSite()
    const grid = await startGridDouble(files)
    const reader = createBrowserReader({ place: { gridUrl: grid.url }, pageTimeoutMs })
    try {
      grid.used = 1
      const full = await failureOf(reader.read(`${site.url}/page`))
      expect(full).to.be.instanceOf(NotNowError)
      expect(full.code).to.equal('browser_grid_full')
      expect(grid.asked).to.deep.equal([])
      grid.used = 0
      expect((await reader.read(`${site.url}/page`)).status).to.equal(200)
      const { capabilities } = JSON.parse(grid.asked.join('')) as {
        capabilities: { alwaysMatch: Record<string, unknown> }
      }
      expect(capabilities.alwaysMatch['selenoid:options']).to.deep.equal({
        name: 'scrape 127.0.0.1',
        sessionTimeout: '5m',
      })
      expect(capabilities.alwaysMatch['pageLoadStrategy']).to.equal('eager')
    } finally {
      await reader.close()
      await grid.close()
      await site.close()
    }
  })

  it('says so when the grid does not answer', async () => {
    const site = await startSite()
    await site.close()
    const reader = createBrowserReader({ place: { gridUrl: `${site.url}/wd/hub` }, pageTimeoutMs })
    expect((await failureOf(reader.read(`${site.url}/page`))).code).to.equal('browser_unavailable')
    await reader.close()
  })
})
