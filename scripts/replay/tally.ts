const columns = ['ok', 'failed', 'different', 'passed over'] as const
export type Fate = (typeof columns)[number]

type Counts = Record<Fate, number>

/** What became of the events, by type. */
export interface Tally {
  add(type: string, fate: Fate): void
  readonly total: Readonly<Counts>
  /** Lines of a table, for the end. */
  table(): string[]
  /** One line, for in between. */
  line(elapsedMs: number): string
}

const none = (): Counts => ({ ok: 0, failed: 0, different: 0, 'passed over': 0 })
const sentOf = ({ ok, failed, different }: Counts) => ok + failed + different

export function createTally(): Tally {
  const total = none()
  const byType = new Map<string, Counts>()
  return {
    add(type, fate) {
      const counts = byType.get(type) ?? none()
      byType.set(type, counts)
      counts[fate] += 1
      total[fate] += 1
    },
    total,
    table() {
      const rows = [...byType].toSorted(([one], [other]) => (one < other ? -1 : 1))
      const width = Math.max(5, ...rows.map(([type]) => type.length))
      const row = (name: string, cells: readonly (string | number)[]) =>
        [name.padEnd(width), ...cells.map((cell) => String(cell).padStart(11))].join(' ')
      const cellsOf = (counts: Counts) => [sentOf(counts), ...columns.map((column) => counts[column])]
      return [
        row('type', ['sent', ...columns]),
        ...rows.map(([type, counts]) => row(type, cellsOf(counts))),
        row('total', cellsOf(total)),
      ]
    },
    line(elapsedMs) {
      const sent = sentOf(total)
      const rate = (sent / Math.max(elapsedMs, 1)) * 1_000
      const { failed, different } = total
      return `${sent} sent (${failed} failed, ${different} different), ${total['passed over']} passed over, ${rate.toFixed(1)} a second`
    },
  }
}
