import { createHash } from 'node:crypto'
import type { MatchScraped } from '../../events/kinds/match-scraped.ts'
import type { PredictionRequested } from '../../events/kinds/prediction-requested.ts'
import { type PredictedClub, type Prediction, pairSubject } from '../../events/prediction.ts'
import { RefusedError } from '../runtime/errors/errors.ts'

/** A club as the model knows it. */
export interface KnownClub {
  readonly id: string
  readonly name: string
  readonly country: string
}

export interface ScoringModel {
  readonly name: string
  readonly version: string
  readonly alias: string
  /** Last day of football the ratings have seen. */
  readonly ratingsUntil: Date
  readonly clubById: (id: string) => KnownClub | undefined
  /** @throws RefusedError where the name fits no club or several */
  readonly clubByName: (name: string, country: string | null) => KnownClub
  readonly predict: (home: KnownClub, away: KnownClub, kickoff: Date) => Promise<Prediction['probabilities']>
}

/** A prediction, and the digest of the page's rows it rests on. */
export interface Scored {
  readonly prediction: Prediction
  readonly pageDigest: string | null
}

const unplayable = new Set<MatchScraped['status']>(['abandoned', 'cancelled'])

/** @throws RefusedError `match_not_playable`, `unknown_club`, `ambiguous_club` */
export async function scoreMatch(match: MatchScraped, model: ScoringModel, now: Date): Promise<Scored> {
  if (unplayable.has(match.status)) {
    throw new RefusedError(
      'match_not_playable',
      422,
      `Match ${match.match_id} is ${match.status}; there is nothing to predict.`,
    )
  }
  const asked = {
    subject: String(match.match_id),
    match_id: match.match_id,
    home: model.clubByName(match.home.name, match.country),
    away: model.clubByName(match.away.name, match.country),
    kickoff: new Date(match.kickoff),
    competition: match.competition,
    missing_players: match.missing_players,
  }
  const readAt = new Date(match.page_read_at)
  const asOf = model.ratingsUntil < readAt ? model.ratingsUntil : readAt
  return { prediction: await score(asked, model, asOf, now), pageDigest: match.digest }
}

/** @throws RefusedError `unknown_club` */
export async function scorePair(pair: PredictionRequested, model: ScoringModel, now: Date): Promise<Scored> {
  const kickoff = new Date(pair.kickoff)
  const known = (id: string): KnownClub => {
    const club = model.clubById(id)
    if (!club) throw new RefusedError('unknown_club', 422, `The model knows no club ${id}.`)
    return club
  }
  const asked = {
    subject: pairSubject(pair.home_club_id, pair.away_club_id, kickoff),
    match_id: null,
    home: known(pair.home_club_id),
    away: known(pair.away_club_id),
    kickoff,
    competition: pair.competition,
    missing_players: null,
  }
  return { prediction: await score(asked, model, model.ratingsUntil, now), pageDigest: null }
}

interface AskedMatch extends Pick<Prediction, 'subject' | 'match_id' | 'competition' | 'missing_players'> {
  readonly home: KnownClub
  readonly away: KnownClub
  readonly kickoff: Date
}

async function score(asked: AskedMatch, model: ScoringModel, asOf: Date, now: Date): Promise<Prediction> {
  const { home, away, kickoff, ...rest } = asked
  if (home.id === away.id) {
    throw new RefusedError(
      'same_club',
      422,
      `${home.name} cannot play against itself: home and away are one club.`,
    )
  }
  return {
    ...rest,
    home: shown(home),
    away: shown(away),
    kickoff: kickoff.toISOString(),
    probabilities: await model.predict(home, away, kickoff),
    model: { name: model.name, version: model.version, alias: model.alias },
    as_of: asOf.toISOString(),
    computed_at: now.toISOString(),
    input_digest: digestOf(asked, model),
  }
}

const shown = ({ id, name, country }: KnownClub): PredictedClub => ({ club_id: id, name, country })

/** The moment of reading is left out: the same page read twice is the same input. */
function digestOf(
  { home, away, kickoff, missing_players, competition }: AskedMatch,
  model: ScoringModel,
): string {
  const missing = missing_players && [missing_players.home, missing_players.away]
  const inputs = [
    home.id,
    away.id,
    kickoff.toISOString(),
    competition,
    missing,
    model.ratingsUntil.toISOString(),
  ]
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex')
}
