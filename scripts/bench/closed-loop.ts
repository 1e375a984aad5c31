import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { processEnvironment } from '../../functions/runtime/config/read-config.ts'
import { findInPath, requireProgram } from '../services/require-program.ts'
import { readWrkOutput, type WrkResult } from './wrk-output.ts'
import { makeWrkScript } from './wrk-script.ts'

const run = promisify(execFile)
const answerTimeoutS = 15
/** wrk ends by itself; this is for one that does not. */
const graceMs = 60_000

interface ClosedLoop {
  readonly url: string
  readonly callers: number
  readonly seconds: number
  /** Bodies, asked in turn and, at the end, again from the first. */
  readonly bodies: readonly string[]
  /** For the script and the bodies. */
  readonly folder: string
}

/**
 * So many callers, each asking again as soon as it has its answer. The load is made by wrk, because it shares the
 * machine with the service: at 6000 requests a second a client in Node takes as much of the processors as the service
 * it measures, wrk about a tenth. One thread is plenty and leaves the other core alone.
 *
 * Latencies of a closed loop say how long these callers waited, not how long requests of the world would have: a
 * service that stalls is not asked meanwhile (coordinated omission). wrk fills in the answers that were left out at
 * its mean rate, which is a guess; the open loop measures them.
 */
export async function runClosedLoop(loop: ClosedLoop): Promise<WrkResult> {
  const bodiesFile = join(loop.folder, 'bodies.ndjson')
  const script = join(loop.folder, 'load.lua')
  await writeFile(bodiesFile, `${loop.bodies.join('\n')}\n`)
  await writeFile(script, makeWrkScript(bodiesFile))
  const settings = `--threads 1 --connections ${loop.callers} --duration ${loop.seconds}s --timeout ${answerTimeoutS}s`
  const args = [...settings.split(' '), '--script', script, new URL('/predict', loop.url).href]
  const { stdout } = await run('wrk', args, { timeout: loop.seconds * 1_000 + graceMs })
  return readWrkOutput(stdout)
}

/** Installs what makes the load where it is missing. @throws ServiceError where it may not */
export function requireWrk(): void {
  requireProgram(() => findInPath('wrk', processEnvironment()), ['wrk'])
}
