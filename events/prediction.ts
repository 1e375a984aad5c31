import { z } from 'zod'
import { moment } from './envelope.ts'

/** Key of a club: `<country>.<name>` in ASCII lower case, such as `england.arsenal`. */
export const clubId = z.string().regex(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'must look like england.arsenal')

/** Number of a match on the source's site. */
export const matchId = z.number().int().positive().max(Number.MAX_SAFE_INTEGER)

/** `<match id>` of a known match, or `<home>~<away>~<YYYY-MM-DD>` of two clubs on a day. */
const subject = z.string().regex(/^([1-9]\d{0,15}|[a-z0-9.-]+~[a-z0-9.-]+~\d{4}-\d{2}-\d{2})$/)

/** The subject of a question about two clubs: one a pair and UTC day. */
export function pairSubject(homeClubId: string, awayClubId: string, kickoff: Date): string {
  return `${homeClubId}~${awayClubId}~${kickoff.toISOString().slice(0, 10)}`
}

/** The three outcomes after 90 minutes, each in (0, 1), summing to 1 ± 1e-6. */
const probabilities = z
  .strictObject({ home: z.number().gt(0).lt(1), draw: z.number().gt(0).lt(1), away: z.number().gt(0).lt(1) })
  .refine((p) => Math.abs(p.home + p.draw + p.away - 1) <= 1e-6, 'must sum to 1')

const missingPlayer = z.strictObject({
  player_id: z.number().int().nonnegative(),
  name: z.string().max(120),
  reason: z.string().max(120),
  status: z.enum(['out', 'doubtful']),
})

/** Who is missing on each side, and when that was read. `null` where the source says nothing. */
export const missingPlayers = z
  .strictObject({ read_at: moment, home: z.array(missingPlayer), away: z.array(missingPlayer) })
  .nullable()

const predictedClub = z.strictObject({ club_id: clubId, name: z.string(), country: z.string() })

/** One stored prediction: append only; one per subject, model version and input digest. */
export const predictionSchema = z.strictObject({
  subject,
  match_id: matchId.nullable(),
  home: predictedClub,
  away: predictedClub,
  kickoff: moment,
  competition: z.string().max(120).nullable(),
  probabilities,
  model: z.strictObject({ name: z.string(), version: z.string(), alias: z.string() }),
  /** When the oldest of the inputs was last updated (the last day of football the ratings have seen). */
  as_of: moment,
  computed_at: moment,
  /** SHA-256 of what went into the model, hexadecimal. */
  input_digest: z.string().regex(/^[0-9a-f]{64}$/),
  missing_players: missingPlayers,
})

export type MissingPlayers = z.infer<typeof missingPlayers>
export type PredictedClub = z.infer<typeof predictedClub>
export type Prediction = z.infer<typeof predictionSchema>
