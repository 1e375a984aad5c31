import type { Event } from './publisher.ts'

/** Where every event the broker has taken charge of is written down. Throws NotNowError when it cannot be. */
export interface EventJournal {
  /** Resolves once the event is safe from the death of this process. */
  append(event: Event): Promise<void>
}

/** Where events go that no delivery could settle. Throws NotNowError when it cannot take one. */
export type DeadLetters = EventJournal

/** Waits; rejects as soon as the signal says so. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>
