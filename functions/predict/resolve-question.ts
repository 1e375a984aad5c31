import { foldClubName } from '../../events/club-names.ts'
import type { PredictionRequested } from '../../events/kinds/prediction-requested.ts'
import { pairSubject } from '../../events/prediction.ts'
import { RefusedError } from '../runtime/errors/errors.ts'
import type { ClubDirectory, DirectoryClub } from './club-directory.ts'
import type { ClubsQuestion, Question } from './question.ts'

/** What is to be answered, under the one name everybody who asks the same shares. */
export type Asked =
  | { readonly kind: 'match'; readonly subject: string; readonly matchId: number }
  | { readonly kind: 'pair'; readonly subject: string; readonly pair: PredictionRequested }

const dayMs = 86_400_000

interface Needs {
  readonly clubs: () => Promise<ClubDirectory>
  readonly now: () => Date
}

/**
 * @throws RefusedError 422 `unknown_club`, `ambiguous_club` (with candidates), `same_club`, `kickoff_out_of_range`
 */
export async function resolveQuestion(question: Question, { clubs, now }: Needs): Promise<Asked> {
  if ('match_id' in question) {
    return { kind: 'match', subject: String(question.match_id), matchId: question.match_id }
  }
  const kickoff = kickoffOf(question, now())
  const directory = await clubs()
  const home = findClub(directory, 'home', question)
  const away = findClub(directory, 'away', question)
  if (home.id === away.id) {
    throw new RefusedError(
      'same_club',
      422,
      `${home.name} cannot play against itself: home and away are one club.`,
    )
  }
  return {
    kind: 'pair',
    subject: pairSubject(home.id, away.id, kickoff),
    pair: {
      home_club_id: home.id,
      away_club_id: away.id,
      kickoff: kickoff.toISOString(),
      competition: home.competition === away.competition ? home.competition : null,
    },
  }
}

/**
 * Ratings know the past, so a forecast of a day they have seen would be no forecast: only tomorrow and today
 * (with a day for time zones), and not beyond a year.
 */
function kickoffOf(question: ClubsQuestion, now: Date): Date {
  // One prediction a pair and day: without a moment given, noon stands for the day.
  const day = (question.kickoff ?? now.toISOString()).slice(0, 10)
  const kickoff = new Date(question.kickoff?.includes('T') ? question.kickoff : `${day}T12:00:00Z`)
  if (kickoff.getTime() < now.getTime() - dayMs || kickoff.getTime() > now.getTime() + 366 * dayMs) {
    const detail = `A kick-off on ${day} cannot be predicted: it must lie between yesterday and a year from now.`
    throw new RefusedError('kickoff_out_of_range', 422, detail)
  }
  return kickoff
}

function findClub(directory: ClubDirectory, side: 'home' | 'away', question: ClubsQuestion): DirectoryClub {
  const name = question[side]
  const found = directory.find(name)
  if (found.kind === 'one') return found.club
  const shown = (clubs: readonly DirectoryClub[]) =>
    clubs.slice(0, 10).map(({ id, name: clubName, country }) => ({ club_id: id, name: clubName, country }))
  if (found.kind === 'several') {
    const narrowed = narrow(found.candidates, question.competition)
    if (narrowed.length === 1 && narrowed[0]) return narrowed[0]
    const names = narrowed.slice(0, 10).map((club) => `${club.name} (${club.country})`)
    const detail = `"${name}" could be several clubs: ${names.join(', ')}. Say which one you mean.`
    throw new RefusedError('ambiguous_club', 422, detail, { side, candidates: shown(narrowed) })
  }
  const hint =
    found.nearest.length > 0 ? ` Did you mean ${found.nearest.map((club) => club.name).join(' or ')}?` : ''
  const detail = `No club called "${name}" is known.${hint}`
  throw new RefusedError('unknown_club', 422, detail, { side, candidates: shown(found.nearest) })
}

/** A competition given as "Premier League" or "England" tells clubs of one name apart. */
function narrow(clubs: readonly DirectoryClub[], competition: string | undefined): readonly DirectoryClub[] {
  if (competition === undefined) return clubs
  const wanted = foldClubName(competition)
  const fitting = clubs.filter((club) => [club.country, club.competition].map(foldClubName).includes(wanted))
  return fitting.length > 0 ? fitting : clubs
}
