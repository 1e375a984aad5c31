import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { isFree } from './ports.ts'

/**
 * The func CLI takes a folder `.func/runs/<port>` beside a func.yaml for "this function runs on that port".
 * Folders of runs that were killed are swept out, because func takes the first it finds.
 * @returns removes the folder again
 */
export async function markRun(functionFolder: string, port: number): Promise<() => void> {
  const runs = join(functionFolder, '.func', 'runs')
  const marker = join(runs, String(port))
  mkdirSync(marker, { recursive: true })
  for (const name of readdirSync(runs)) {
    const abandoned = /^\d+$/.test(name) && name !== String(port) && (await isFree(Number(name)))
    if (abandoned) rmSync(join(runs, name), { recursive: true, force: true })
  }
  return () => rmSync(marker, { recursive: true, force: true })
}
