import type { Club, League } from './leagues.ts'

export interface Meeting {
  readonly matchId: number
  readonly league: League
  readonly home: Club
  readonly away: Club
  readonly kickoff: Date
}

const dayMs = 86_400_000
const minuteMs = 60_000
/** A club plays once in so many days. */
const daysOfRound = 4
const weekendTimes = ['12:30', '15:00', '17:30', '20:00'] as const
const weekdayTimes = ['19:45', '20:00', '20:15'] as const

/**
 * Above every 32-bit number, so that no number of the real site can ever be meant, and below 2^53, so that JSON and
 * JavaScript carry it exactly. Day and pair make up the rest: the same meeting has the same number whenever the site
 * is started.
 */
const firstMatchId = 9_000_000_000
const idsOfDay = 10_000
const idsOfLeague = 1_000
const mostClubs = 30

/** Days since 1970 on London's calendar. */
export function londonDay(moment: Date): number {
  return Math.floor((moment.getTime() + londonOffsetMs(moment)) / dayMs)
}

/** Every meeting of a day, of all leagues. */
export function meetingsOfDay(day: number, leagues: readonly League[]): Meeting[] {
  return leagues.flatMap((league, index) =>
    pairsOfDay(day, league.clubs.length).flatMap(([homeAt, awayAt], place) => {
      const home = league.clubs[homeAt]
      const away = league.clubs[awayAt]
      if (!home || !away) return []
      const matchId = firstMatchId + day * idsOfDay + index * idsOfLeague + homeAt * mostClubs + awayAt
      return [{ matchId, league, home, away, kickoff: kickoffOf(day, place) }]
    }),
  )
}

/** The meeting of a number, also of days long past; undefined where no such meeting takes place. */
export function findMeeting(matchId: number, leagues: readonly League[]): Meeting | undefined {
  const day = Math.floor((matchId - firstMatchId) / idsOfDay)
  if (day < 0 || day > 1_000_000) return undefined
  return meetingsOfDay(day, leagues).find((meeting) => meeting.matchId === matchId)
}

/**
 * A round robin by the circle method, one round in four days: each club stands in one pair a round, and each pair is
 * played on one of the four days.
 */
function pairsOfDay(day: number, clubs: number): (readonly [home: number, away: number])[] {
  const rounds = Math.max(clubs - 1, 1)
  const roundAt = Math.floor(day / daysOfRound)
  const round = roundAt % rounds
  const turned = Math.floor(roundAt / rounds) % 2 === 1
  return Array.from({ length: Math.floor(clubs / 2) }, (_, pair) => pair)
    .filter((pair) => pair % daysOfRound === day % daysOfRound)
    .map((pair) => {
      const one = pair === 0 ? clubs - 1 : (round + pair) % rounds
      const other = (round + rounds - pair) % rounds
      return ((pair + round) % 2 === 0) === turned ? [one, other] : [other, one]
    })
}

/** Kick-offs are fixed on the clocks of London, so their UTC time moves with summer time. */
function kickoffOf(day: number, place: number): Date {
  const weekDay = new Date(day * dayMs).getUTCDay()
  const times = weekDay === 0 || weekDay === 6 ? weekendTimes : weekdayTimes
  const [hours = 0, minutes = 0] = (times[place % times.length] ?? '20:00').split(':').map(Number)
  const noon = new Date(day * dayMs + dayMs / 2)
  return new Date(day * dayMs + (hours * 60 + minutes) * minuteMs - londonOffsetMs(noon))
}

/** `2026-03-29T15:00:00`, as London's clocks show it. */
export function londonTime(moment: Date): string {
  return new Date(moment.getTime() + londonOffsetMs(moment)).toISOString().slice(0, 19)
}

function londonOffsetMs(moment: Date): number {
  const shown = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/London',
    hour: '2-digit',
    hour12: false,
  })
  // London is never more than an hour ahead.
  return Number(shown.format(moment)) % 24 === moment.getUTCHours() ? 0 : 60 * minuteMs
}
