import { createHash } from 'node:crypto'
import type { MatchScraped } from '../../events/kinds/match-scraped.ts'
import type { MissingPlayers } from '../../events/prediction.ts'
import type { Querying } from '../runtime/database/statements.ts'
import type { MatchReading } from './sources/whoscored/source.ts'

export interface SavedMatch {
  readonly reading: MatchReading
  readonly digest: string
}

/** What only the list of fixtures tells of a match: null until it was read. */
export interface KnownOfMatch {
  readonly country: string | null
  readonly competition: string | null
}

export interface MatchNeeds {
  /** @throws RefusedError where the match does not exist or its page is not understood; NotNowError */
  readonly readMatch: (matchId: number) => Promise<MatchReading>
  readonly saveMatch: (transaction: Querying, saved: SavedMatch) => Promise<KnownOfMatch>
}

/** Reads a match, keeps its rows in one transaction with whatever else `commit` does there, and says what was found. */
export async function scrapeMatch<Result>(
  matchId: number,
  { readMatch, saveMatch }: MatchNeeds,
  commit: (save: (transaction: Querying) => Promise<MatchScraped>) => Promise<Result>,
): Promise<Result> {
  const reading = await readMatch(matchId)
  const saved = { reading, digest: digestOf(reading) }
  return commit(async (transaction) => describe(saved, await saveMatch(transaction, saved)))
}

function describe({ reading, digest }: SavedMatch, { country, competition }: KnownOfMatch): MatchScraped {
  const { match, readAt } = reading
  return {
    match_id: match.matchId,
    home: { team_id: match.home.teamId, name: match.home.name },
    away: { team_id: match.away.teamId, name: match.away.name },
    kickoff: match.kickoff.toISOString(),
    // Clubs of one country only meet in its league; two countries tell nothing of the competition.
    country: country ?? (match.homeCountry === match.awayCountry ? match.homeCountry : null),
    competition,
    status: match.status,
    missing_players: missingPlayersOf(reading),
    page_read_at: readAt.toISOString(),
    digest,
  }
}

function missingPlayersOf({ missingPlayers, readAt }: MatchReading): MissingPlayers {
  if (!missingPlayers) return null
  const side = (name: 'home' | 'away') =>
    missingPlayers[name].map(({ playerId, ...rest }) => ({ player_id: playerId, ...rest }))
  return { read_at: readAt.toISOString(), home: side('home'), away: side('away') }
}

/** The same rows give the same digest, whenever they were read. */
function digestOf({ match, missingPlayers }: MatchReading): string {
  const { matchId, home, away, kickoff, status, score, lineups } = match
  const rows = [matchId, home, away, kickoff.toISOString(), status, score, missingPlayers, lineups]
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
}
