import { readdirSync, readFileSync } from 'node:fs'
import { z } from 'zod'

/** One process for ever: its number alone comes back to another process one day. */
export const processIdentity = z.object({
  pid: z.number().int().min(2),
  /** Start of the process in clock ticks since the machine started. */
  startTicks: z.number().int(),
  /** Which start of the machine. */
  bootId: z.string(),
})

export type ProcessIdentity = z.infer<typeof processIdentity>

interface Stat {
  readonly state: string
  readonly session: number
  readonly startTicks: number
}

/** Undefined where there is no such process; a zombie is none. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid)
  if (stat === undefined || stat.state === 'Z') return undefined
  return { pid, startTicks: stat.startTicks, bootId: readBootId() }
}

/** Whether this very process runs; a zombie does not. */
export function isRunning({ pid, startTicks, bootId }: ProcessIdentity): boolean {
  const stat = readStat(pid)
  return stat !== undefined && stat.startTicks === startTicks && stat.state !== 'Z' && bootId === readBootId()
}

/**
 * The other processes of the session that the process leads or led. While one of them lives, the kernel gives the
 * number of the session to nobody else.
 */
export function listDescendants(leader: ProcessIdentity): ProcessIdentity[] {
  if (leader.bootId !== readBootId()) return []
  const now = readStat(leader.pid)
  // The number has come back to somebody else: no session of that number is ours.
  if (now !== undefined && now.startTicks !== leader.startTicks) return []
  return readdirSync('/proc').flatMap((entry) => {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || pid === leader.pid) return []
    const stat = readStat(pid)
    const belongs = stat?.session === leader.pid && stat.startTicks >= leader.startTicks && stat.state !== 'Z'
    return belongs ? [{ pid, startTicks: stat.startTicks, bootId: leader.bootId }] : []
  })
}

/** Field numbers as in proc_pid_stat(5). The name of the program may hold blanks and brackets. */
function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const field = (number: number) => fields[number - 3] ?? ''
    return { state: field(3), session: Number(field(6)), startTicks: Number(field(22)) }
  } catch {
    return undefined
  }
}

function readBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}
