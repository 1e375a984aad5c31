import type { Event, Trigger } from './publisher.ts'

/** The events one trigger has still to see through. */
export interface TriggerQueue {
  readonly trigger: Trigger
  /** Places taken: promised, waiting or under way. */
  depth(): number
  isFull(): boolean
  /** Takes a place ahead of `put`, so that what was promised to a publisher cannot be given to another. */
  reserve(): void
  /** Gives a reserved place back. */
  release(): void
  /** Fills a reserved place. */
  put(event: Event): void
  /** Starts nothing more; resolves when the deliveries under way have ended. */
  stop(): Promise<void>
  /** Events that have not been seen through, oldest first. */
  left(): Event[]
}

interface Options {
  readonly maxQueued: number
  /** Sees one event through; rejects when it must stay. */
  readonly process: (makeEvent: () => Event) => Promise<void>
  /** Called with the reason when an event had to stay. */
  readonly onStay: (thrown: unknown) => void
  /** Called after each event that has left. */
  readonly onLeave: () => void
}

/** First come, first served, `trigger.parallelism` at once; an event keeps its place until it is seen through. */
export function createTriggerQueue(
  trigger: Trigger,
  { maxQueued, process, onStay, onLeave }: Options,
): TriggerQueue {
  // Kept as text: every attempt gets a fresh copy, as over a wire, whatever a subscriber does to the one before.
  const waiting: string[] = []
  const underWay = new Map<Promise<boolean>, string>()
  const stranded: string[] = []
  let reserved = 0
  let stopped = false

  /** False when the event had to stay. */
  async function seeThrough(text: string): Promise<boolean> {
    try {
      await process(() => parse(text))
      return true
    } catch (thrown) {
      onStay(thrown)
      return false
    }
  }

  async function work(text: string): Promise<void> {
    const delivery = seeThrough(text)
    underWay.set(delivery, text)
    const gone = await delivery
    underWay.delete(delivery)
    if (!gone) stranded.push(text)
    startNext()
    onLeave()
  }

  function startNext(): void {
    if (stopped || underWay.size >= trigger.parallelism) return
    const text = waiting.shift()
    if (text !== undefined) void work(text)
  }

  return {
    trigger,
    depth: () => reserved + waiting.length + underWay.size + stranded.length,
    isFull: () => reserved + waiting.length + underWay.size >= maxQueued,
    reserve: () => void (reserved += 1),
    release: () => void (reserved -= 1),
    put(event) {
      reserved -= 1
      waiting.push(JSON.stringify(event))
      startNext()
    },
    async stop() {
      stopped = true
      await Promise.all(underWay.keys())
    },
    left: () => [...stranded, ...underWay.values(), ...waiting].map(parse),
  }
}

const parse = (text: string) => JSON.parse(text) as Event
