import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { identifyProcess, type ProcessIdentity } from './identify-process.ts'
import type { Program } from './service.ts'

const logMaxBytes = 10_000_000

export const logFile = (folder: string) => join(folder, 'log')

/**
 * Starts a program that outlives us, in a session of its own. It gets none of our variables: they may hold secrets.
 * @returns undefined where it has ended already
 */
export async function launch(program: Program, folder: string): Promise<ProcessIdentity | undefined> {
  const log = openLog(logFile(folder))
  try {
    const child = spawn(program.file, program.args, {
      ...program.owner,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: folder,
        LANG: 'C.UTF-8',
        ...program.variables,
      },
    })
    await once(child, 'spawn')
    child.unref()
    return child.pid === undefined ? undefined : identifyProcess(child.pid)
  } finally {
    closeSync(log)
  }
}

/** A log that has grown long is put aside at a start; one is kept. */
function openLog(file: string): number {
  if (existsSync(file) && statSync(file).size > logMaxBytes) renameSync(file, `${file}.1`)
  return openSync(file, 'a', 0o600)
}
