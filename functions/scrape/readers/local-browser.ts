import { existsSync, readlinkSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ServiceBuilder } from 'selenium-webdriver/chrome.js'
import { withDeadline } from '../../runtime/lifecycle/deadline.ts'

interface DriverService {
  readonly url: string
  /** The folder of a profile that nobody used before. */
  readonly profile: string
  /** Ends the driver and whatever browser is left of it. */
  readonly stop: () => Promise<void>
}

const startTimeoutMs = 10_000
const stopTimeoutMs = 3_000

/** Starts the driver of a browser of this machine. */
export async function startDriver(driverPath: string): Promise<DriverService> {
  const profile = await mkdtemp(join(tmpdir(), 'scrape-browser-'))
  const service = minded(driverPath)
  // A driver that is killed leaves its browser behind.
  const onExit = () => {
    killBrowser(profile)
    rmSync(profile, { recursive: true, force: true })
  }
  process.once('exit', onExit)
  const stop = async () => {
    process.off('exit', onExit)
    await withDeadline(service.kill(), stopTimeoutMs, () => new Error('the driver does not end')).catch(
      () => undefined,
    )
    killBrowser(profile)
    // The browser may write its last files while the folder goes.
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
  try {
    return { url: await service.start(startTimeoutMs), profile, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

const setsid = '/usr/bin/setsid'
/**
 * Runs the driver in a process group of its own and ends the whole group, browser included, when told to or when its
 * input ends, which happens however our process dies: even kill -9 leaves no browser behind.
 */
const minder = `trap 'kill -KILL 0' TERM INT HUP
"$@" </dev/null &
while read -r _; do :; done
kill -KILL 0`

function minded(driverPath: string) {
  // Only Linux has the program; elsewhere a killed process leaves its browser to the user.
  if (!existsSync(setsid)) return new ServiceBuilder(driverPath).setLoopback(true).setStdio('ignore').build()
  return new ServiceBuilder(setsid)
    .addArguments('/bin/sh', '-c', minder, 'minder', driverPath)
    .setStdio(['pipe', 'ignore', 'ignore'])
    .build()
}

/** The lock of a profile is a link to `<machine>-<process>`; it is gone once the browser has ended by itself. */
function killBrowser(profile: string): void {
  try {
    const pid = Number(/-(\d+)$/.exec(readlinkSync(join(profile, 'SingletonLock')))?.[1])
    if (pid > 1) process.kill(pid, 'SIGKILL')
  } catch {
    // Neither lock nor process: nothing is left to kill.
  }
}
