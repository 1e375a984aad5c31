import type { MatchStatus, Score } from './records.ts'
import { notUnderstood } from './understand.ts'

const statusOfCode: ReadonlyMap<number, MatchStatus> = new Map([
  [1, 'scheduled'],
  [2, 'postponed'],
  [3, 'in_play'],
  [4, 'in_play'],
  [5, 'abandoned'],
  [6, 'finished'],
  [7, 'cancelled'],
])

/** Pages and feeds use one list of codes; 0 and 8 are the site's own "unknown". */
export function readStatus(code: number): MatchStatus {
  return statusOfCode.get(code) ?? 'unknown'
}

/** `2 : 1`; a label may follow. An empty text is a match without a score. */
export function readScore(text: string, place: string): Score | null {
  if (text.trim() === '') return null
  const [, home, away] = /^\s*(\d{1,3})\s*:\s*(\d{1,3})/.exec(text) ?? []
  if (home === undefined || away === undefined) throw notUnderstood(place, `"${text}" is not a score`)
  return { home: Number(home), away: Number(away) }
}
