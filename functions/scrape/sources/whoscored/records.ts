export type MatchStatus =
  | 'scheduled'
  | 'in_play'
  | 'finished'
  | 'postponed'
  | 'abandoned'
  | 'cancelled'
  | 'unknown'

export interface Team {
  readonly teamId: number
  readonly name: string
}

export interface Sides<T> {
  readonly home: T
  readonly away: T
}

export interface Score {
  readonly home: number
  readonly away: number
}

/** A match as the monthly list of its stage tells of it. */
export interface Fixture {
  readonly matchId: number
  readonly stageId: number
  readonly country: string
  readonly competition: string
  readonly season: string
  readonly home: Team
  readonly away: Team
  readonly kickoff: Date
  readonly status: MatchStatus
  /** Includes extra time, not the kicks of a shoot-out. */
  readonly score: Score | null
  readonly hasPreview: boolean
}

export interface LineupPlayer {
  readonly playerId: number
  readonly name: string
  /** null where the site gives 0. */
  readonly shirt: number | null
  /** The site's code, such as GK, DC, AML; `Sub` for the bench. */
  readonly position: string | null
  readonly starter: boolean
  /** The final rating; null for whoever did not play. */
  readonly rating: number | null
}

export interface Lineup {
  /** The first formation, such as `4231`. */
  readonly formation: string | null
  readonly players: readonly LineupPlayer[]
}

/** A match as its own page tells of it. */
export interface Match {
  readonly matchId: number
  readonly home: Team
  readonly away: Team
  readonly kickoff: Date
  readonly status: MatchStatus
  readonly statusCode: number
  /** The site's label, in the language of the edition: `FT`, `12'`, `Post`. */
  readonly statusText: string
  readonly score: Score | null
  readonly homeCountry: string | null
  readonly awayCountry: string | null
  /** null: the page says nothing of who plays. */
  readonly lineups: Sides<Lineup> | null
  readonly hasPreview: boolean
}

export interface MissingPlayer {
  readonly playerId: number
  readonly name: string
  readonly reason: string
  readonly status: 'out' | 'doubtful'
}

export interface PredictedPlayer {
  readonly playerId: number
  readonly name: string
  readonly position: string | null
}

export interface PredictedLineup {
  /** As the site writes it, such as `4-2-3-1`. */
  readonly formation: string | null
  readonly players: readonly PredictedPlayer[]
}

export interface Preview {
  /** null: the page has no such section, which is not the same as nobody missing. */
  readonly missingPlayers: Sides<readonly MissingPlayer[]> | null
  readonly predictedLineups: Sides<PredictedLineup> | null
}

/** Why a page is not the page of the asked match. */
export type NoPage =
  | { readonly kind: 'blocked'; readonly why: string }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'not_ready'; readonly why: string }
