import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'

/** Processes of one name together. */
export interface ProcessFigures {
  readonly name: string
  readonly count: number
  /** Sum of the resident memories; what processes share, as PostgreSQL's do, is counted in each. */
  readonly residentMb: number
  /** Processor time since they began. */
  readonly cpuS: number
}

interface Process {
  readonly pid: number
  readonly parentPid: number
  readonly name: string
  readonly residentMb: number
  readonly cpuS: number
}

/** Linux gives times in hundredths of a second and memory in pages, on every machine of today. */
const ticksPerS = 100
const pageBytes = 4_096

/** A process and all that descend from it, by name; empty where there is no /proc. */
export function readProcesses(rootPid: number): ProcessFigures[] {
  const all = list()
  const wanted = new Set([rootPid])
  // A child's number may be lower than its parent's, once numbers have begun again.
  for (let before = 0; before < wanted.size; ) {
    before = wanted.size
    for (const { pid, parentPid } of all) if (wanted.has(parentPid)) wanted.add(pid)
  }
  const byName = Map.groupBy(
    all.filter(({ pid }) => wanted.has(pid)),
    ({ name }) => name,
  )
  return [...byName].map(([name, processes]) => ({
    name,
    count: processes.length,
    residentMb: sum(processes.map(({ residentMb }) => residentMb)),
    cpuS: sum(processes.map(({ cpuS }) => cpuS)),
  }))
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

function list(): Process[] {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap((entry) => read(Number(entry)) ?? [])
  } catch {
    return []
  }
}

/** Undefined where it has ended meanwhile. */
function read(pid: number): Process | undefined {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return { pid, ...readStat(readFileSync(`/proc/${pid}/stat`, 'utf8')), name: nameOf(words) }
  } catch {
    return undefined
  }
}

/** One line of `/proc/<pid>/stat`; the name in brackets may hold spaces and brackets itself. */
export function readStat(line: string): Pick<Process, 'parentPid' | 'residentMb' | 'cpuS'> {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  // Counted from the third field of the line, the state.
  const field = (number: number) => Number(fields[number - 3])
  return {
    parentPid: field(4),
    cpuS: (field(14) + field(15)) / ticksPerS,
    residentMb: (field(24) * pageBytes) / 1_048_576,
  }
}

/** The program; of a script its own name, or its folder's where it is called main or index as they all are. */
export function nameOf([program = '', ...args]: readonly string[]): string {
  const script = args.find((word, at) => /\.[cm]?[jt]s$/.test(word) && args[at - 1] !== '--import')
  if (basename(program) !== 'node' || script === undefined) return basename(program.split(/[ :]/, 1)[0] ?? '')
  const own = basename(script).replace(/\.[cm]?[jt]s$/, '')
  return own === 'main' || own === 'index' ? basename(dirname(script)) : own
}
