import { z } from 'zod'
import type { Lineup, LineupPlayer, Sides, Team } from './records.ts'
import { notUnderstood, understand } from './understand.ts'

const playerSchema = z.object({
  playerId: z.number().int().nonnegative(),
  name: z.string().max(120),
  shirtNo: z.number().int().nullish(),
  position: z.string().max(20).nullish(),
  isFirstEleven: z.boolean().nullish(),
  stats: z.object({ ratings: z.record(z.string().regex(/^\d+$/), z.number()).nullish() }).nullish(),
})

const teamSchema = z.object({
  teamId: z.number().int(),
  players: z.array(playerSchema).max(100),
  formations: z.array(z.object({ formationName: z.string().max(20) })).nullish(),
})

const centreSchema = z.object({ home: teamSchema, away: teamSchema })

/** Who plays, from the match centre's data; null before the line-ups are known. */
export function readLineups(centre: unknown, teams: Sides<Team>): Sides<Lineup> | null {
  const place = 'matchCentreData'
  const { home, away } = understand(centreSchema, centre, place)
  for (const [side, team] of Object.entries({ home, away })) {
    const expected = side === 'home' ? teams.home : teams.away
    if (team.teamId !== expected.teamId)
      throw notUnderstood(`${place}.${side}.teamId`, `is ${team.teamId}, the header says ${expected.teamId}`)
  }
  if (home.players.length === 0 && away.players.length === 0) return null
  return { home: readLineup(home), away: readLineup(away) }
}

function readLineup({ players, formations }: z.infer<typeof teamSchema>): Lineup {
  return { formation: formations?.[0]?.formationName ?? null, players: players.map(readPlayer) }
}

function readPlayer(player: z.infer<typeof playerSchema>): LineupPlayer {
  return {
    playerId: player.playerId,
    name: player.name,
    shirt: player.shirtNo || null,
    position: player.position || null,
    starter: player.isFirstEleven === true,
    rating: finalRating(player.stats?.ratings ?? {}),
  }
}

/** Ratings run with the minutes, and the keys are not always in order: the last minute has the final one. */
function finalRating(ratings: Readonly<Record<string, number>>): number | null {
  const lastMinute = Object.keys(ratings).reduce((last, minute) => Math.max(last, Number(minute)), -1)
  return ratings[String(lastMinute)] ?? null
}
