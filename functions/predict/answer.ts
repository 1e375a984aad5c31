import type { Prediction } from '../../events/prediction.ts'
import type { Answered } from './answer-question.ts'

/** The body of a 200 of POST /predict. */
export interface Answer {
  readonly match: Pick<Prediction, 'match_id' | 'home' | 'away' | 'kickoff' | 'competition'>
  readonly probabilities: Prediction['probabilities']
  readonly model: Prediction['model']
  readonly as_of: string
  /** Age of the oldest input, seconds. */
  readonly features_age_s: number
  readonly stale: boolean
  readonly cache: Answered['source']
  readonly missing_players: Prediction['missing_players']
  readonly request_id: string
}

interface Circumstances {
  readonly now: Date
  readonly staleAfterMs: number
  readonly requestId: string
}

export function composeAnswer(answered: Answered, { now, staleAfterMs, requestId }: Circumstances): Answer {
  const { prediction, source, outdated } = answered
  const { match_id, home, away, kickoff, competition } = prediction
  const ageMs = Math.max(0, now.getTime() - Date.parse(prediction.as_of))
  return {
    match: { match_id, home, away, kickoff, competition },
    probabilities: prediction.probabilities,
    model: prediction.model,
    as_of: prediction.as_of,
    features_age_s: Math.round(ageMs / 1_000),
    stale: outdated || ageMs > staleAfterMs,
    cache: source,
    missing_players: prediction.missing_players,
    request_id: requestId,
  }
}
