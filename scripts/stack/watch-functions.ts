import { type FSWatcher, watch } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Log } from '../../functions/runtime/logging/logger.ts'
import type { SupervisedProcess } from './supervised-process.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
/** An editor writes a file in several steps. */
const settleMs = 100

/**
 * Starts functions again when their files change: its own folder concerns one function, everything else of
 * `functions/` and `events/` all three.
 * @returns ends the watching
 */
export function watchFunctions(functions: readonly SupervisedProcess[], log: Log): () => void {
  const changed = new Set<SupervisedProcess>()
  let timer: NodeJS.Timeout | undefined

  async function restart(): Promise<void> {
    const concerned = [...changed]
    changed.clear()
    const startedMs = Date.now()
    await Promise.all(
      concerned.map(async (one) => {
        await one.restart()
        await one.ready()
      }),
    )
    const names = concerned.map(({ plan }) => plan.name).join(', ')
    log.info(`${names} runs the changed files (${Date.now() - startedMs} ms)`)
  }

  function notice(folder: string, file: string | null): void {
    const own = functions.filter(({ plan }) => file?.startsWith(`${plan.name}/`) && folder === 'functions')
    for (const one of own.length > 0 ? own : functions) changed.add(one)
    clearTimeout(timer)
    timer = setTimeout(() => {
      restart().catch((error: unknown) => log.error({ err: error }, 'a function could not be started again'))
    }, settleMs)
  }

  const watchers: FSWatcher[] = ['functions', 'events'].map((folder) =>
    watch(`${root}/${folder}`, { recursive: true }, (_event, file) => {
      if (file === null || /\.(ts|js|json|sql)$/.test(file)) notice(folder, file)
    }),
  )
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}
