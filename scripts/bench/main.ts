import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runCommandLine } from '../run-command-line.ts'
import { judgeAims } from './aims.ts'
import { requireWrk } from './closed-loop.ts'
import { describeMachine } from './machine.ts'
import { type BenchOptions, help, readOptions } from './options.ts'
import { countOfNew } from './questions.ts'
import { countFailures, describeResult } from './report.ts'
import { type PathSettings, runPath } from './run-path.ts'
import { startTarget, type Target, useRunning } from './target.ts'

/** @returns the exit code */
async function run(options: BenchOptions): Promise<number> {
  requireWrk()
  const machine = describeMachine()
  const folder = mkdtempSync(join(tmpdir(), 'soccer-bench-'))
  // Servers started by root run as users of their own, who must get through to their folders.
  chmodSync(folder, 0o711)
  const tell = (line: string) => console.error(line)
  let target: Target | undefined
  const starting = new AbortController()
  // A second signal finds no listener and ends the process at once.
  const endEarly = () => {
    starting.abort()
    void target?.stop().then(() => {
      rmSync(folder, { recursive: true, force: true })
      process.exit(130)
    })
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, endEarly)
  try {
    tell(options.url === undefined ? `starting the bundle (${options.over})` : `asking ${options.url}`)
    target =
      options.url === undefined
        ? await startTarget(options.over, folder, starting.signal)
        : useRunning(options.url)
    const settings = settingsOf(options)
    const result = await runPath(target, { settings, folder, tell })
    const aims = judgeAims(result)
    const where = options.url ?? `npm ${options.over === 'memory' ? 'start' : 'run stack'}`
    const { cores, processor, node, commit, date } = machine
    console.log(
      [
        `POST /predict of ${where}, ${options.rounds} rounds of ${options.seconds} s`,
        `${cores} cores ${processor}, Node ${node}, commit ${commit}, ${date}`,
        '',
        describeResult(result, aims),
      ].join('\n'),
    )
    if (options.json !== undefined) {
      writeFileSync(
        options.json,
        `${JSON.stringify({ machine, where, settings, ...result, aims }, null, 2)}\n`,
      )
    }
    return result.cases.some(({ rounds }) => rounds.some((round) => countFailures(round) > 0)) ? 1 : 0
  } finally {
    await target?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function settingsOf({ kinds, seconds, rounds, quick, url }: BenchOptions): PathSettings {
  return {
    kinds,
    seconds,
    rounds,
    warmUpSeconds: quick ? 1 : 3,
    restSeconds: quick ? 1 : 5,
    // A running service may have been measured before: beginning anywhere, questions are new to it nearly always.
    firstNew: url === undefined ? 0 : Math.floor(Math.random() * countOfNew),
  }
}

await runCommandLine({ command: 'npm run bench', help, read: readOptions, run })
