import { setTimeout as sleep } from 'node:timers/promises'
import { type AnswerSources, fetchAnswerSources, subtractSources } from './answer-sources.ts'
import { runClosedLoop } from './closed-loop.ts'
import type { Measurement } from './measurement.ts'
import { createAsker, runOpenLoop } from './open-loop.ts'
import type { Kind } from './options.ts'
import type { ProcessFigures } from './processes.ts'
import { countOfNew, newQuestions, storedQuestions } from './questions.ts'
import type { Target } from './target.ts'

export type Load =
  | { readonly shape: 'closed'; readonly callers: number }
  | { readonly shape: 'open'; readonly ratePerS: number }

export interface Case {
  readonly kind: Kind
  readonly load: Load
}

export interface CaseRound extends Measurement {
  readonly latestSendMs?: number
  readonly sources: AnswerSources
  /** Processor cores taken meanwhile, by name of process. */
  readonly cores: Readonly<Record<string, number>>
}

export interface CaseResult extends Case {
  readonly rounds: CaseRound[]
}

export interface PathResult {
  readonly cases: readonly CaseResult[]
  /** Before the first question and, after a pause, after the last. */
  readonly atRest: { readonly before: ProcessFigures[]; readonly after: ProcessFigures[] }
}

export interface PathSettings {
  readonly kinds: readonly Kind[]
  readonly seconds: number
  readonly rounds: number
  readonly warmUpSeconds: number
  readonly restSeconds: number
  /** Where among the new questions to begin. */
  readonly firstNew: number
}

const openRatePerS: Readonly<Record<Kind, number>> = { stored: 500, computed: 20 }
/** More than can be computed: a closed loop must not come round to a question it has asked. */
const mostComputedPerS = 5_000
/** Replies of the broker to the last case are still under way when its callers have their answers. */
const betweenCasesMs = 1_000

interface Run {
  readonly target: Target
  readonly settings: PathSettings
  readonly folder: string
  nextNew: number
}

/** All cases, round by round, so that whatever slows the machine for a while slows each of them. */
export async function runPath(
  target: Target,
  { settings, folder, tell }: { settings: PathSettings; folder: string; tell: (line: string) => void },
): Promise<PathResult> {
  const run: Run = { target, settings, folder, nextNew: settings.firstNew }
  const { kinds, rounds, warmUpSeconds, restSeconds } = settings
  await sleep(restSeconds * 1_000)
  const before = target.processes()
  for (const kind of kinds) {
    tell(`warm-up: ${kind}`)
    await measure({ kind, load: { shape: 'closed', callers: 16 } }, warmUpSeconds, run)
  }
  const cases: CaseResult[] = kinds.flatMap((kind) => [
    { kind, load: { shape: 'closed', callers: 16 }, rounds: [] },
    { kind, load: { shape: 'closed', callers: 64 }, rounds: [] },
    { kind, load: { shape: 'open', ratePerS: openRatePerS[kind] }, rounds: [] },
  ])
  for (let round = 1; round <= rounds; round += 1) {
    for (const one of cases) {
      tell(`round ${round} of ${rounds}: ${one.kind}, ${describeLoad(one.load)}`)
      one.rounds.push(await measure(one, settings.seconds, run))
      await sleep(betweenCasesMs)
    }
  }
  await sleep(restSeconds * 1_000)
  return { cases, atRest: { before, after: target.processes() } }
}

export const describeLoad = (load: Load): string =>
  load.shape === 'closed' ? `${load.callers} callers` : `${load.ratePerS}/s`

async function measure({ kind, load }: Case, seconds: number, run: Run): Promise<CaseRound> {
  const { target } = run
  if (kind === 'stored') await askAllStored(target.url)
  const cpuBefore = target.processes()
  const sourcesBefore = await fetchAnswerSources(target.url)
  const startedMs = performance.now()
  const measured =
    load.shape === 'closed'
      ? await measureClosed(kind, load.callers, seconds, run)
      : await measureOpen(kind, load.ratePerS, seconds, run)
  const elapsedS = (performance.now() - startedMs) / 1_000
  const cores = coresTaken(cpuBefore, target.processes(), elapsedS)
  return { ...measured, sources: subtractSources(await fetchAnswerSources(target.url), sourcesBefore), cores }
}

async function measureClosed(kind: Kind, callers: number, seconds: number, run: Run): Promise<Measurement> {
  const bodies = bodiesOf(kind, mostComputedPerS * seconds, run)
  const { asked, ...measured } = await runClosedLoop({
    url: run.target.url,
    callers,
    seconds,
    bodies,
    folder: run.folder,
  })
  if (kind === 'computed') run.nextNew = (run.nextNew + asked) % countOfNew
  return measured
}

async function measureOpen(kind: Kind, ratePerS: number, seconds: number, run: Run): Promise<Measurement> {
  const bodies = bodiesOf(kind, ratePerS * seconds, run)
  const asker = createAsker(run.target.url)
  try {
    const ask = (n: number) => asker.ask(bodies[n % bodies.length] ?? '')
    const measured = await runOpenLoop({ ratePerS, seconds, ask })
    if (kind === 'computed') run.nextNew = (run.nextNew + measured.requests) % countOfNew
    return measured
  } finally {
    asker.close()
  }
}

function bodiesOf(kind: Kind, count: number, { nextNew }: Run): string[] {
  return kind === 'stored' ? storedQuestions(new Date()) : newQuestions(nextNew, count, new Date())
}

/** What is asked again must have been asked before, and not longer ago than the cache remembers. */
async function askAllStored(url: string): Promise<void> {
  const asker = createAsker(url)
  try {
    const outcomes = await Promise.all(storedQuestions(new Date()).map((body) => asker.ask(body)))
    const bad = outcomes.find((outcome) => outcome !== '200')
    if (bad !== undefined) throw new Error(`${url} does not answer the questions to repeat: ${bad}.`)
  } finally {
    asker.close()
  }
}

function coresTaken(before: readonly ProcessFigures[], after: readonly ProcessFigures[], elapsedS: number) {
  const earlier = new Map(before.map(({ name, cpuS }) => [name, cpuS]))
  return Object.fromEntries(
    after.map(({ name, cpuS }) => [name, (cpuS - (earlier.get(name) ?? 0)) / elapsedS]),
  )
}
