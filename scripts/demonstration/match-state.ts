import type { Meeting } from './calendar.ts'
import { scatter } from './people.ts'

/** What the site knows of a match at a moment. */
export interface MatchState {
  readonly meeting: Meeting
  readonly statusCode: 1 | 3 | 6
  readonly label: string
  readonly score: readonly [home: number, away: number] | null
  readonly hasPreview: boolean
}

const minuteMs = 60_000
const lengthMs = 112 * minuteMs

export function stateOf(meeting: Meeting, now: Date): MatchState {
  const { matchId, kickoff } = meeting
  const playedMs = now.getTime() - kickoff.getTime()
  // One match in seven is not worth a preview to the site.
  const hasPreview = scatter(matchId * 5, 7) !== 0
  if (playedMs < 0) return { meeting, statusCode: 1, label: '', score: null, hasPreview }
  const score = [scatter(matchId * 7, 4), scatter(matchId * 11, 3)] as const
  if (playedMs < lengthMs) {
    const minute = Math.min(90, Math.floor(playedMs / minuteMs) + 1)
    return { meeting, statusCode: 3, label: `${minute}'`, score: [0, 0], hasPreview }
  }
  return { meeting, statusCode: 6, label: 'FT', score, hasPreview }
}
