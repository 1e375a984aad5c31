import { z } from 'zod'
import { moment } from '../../events/envelope.ts'
import { matchId } from '../../events/prediction.ts'
import { RefusedError } from '../runtime/errors/errors.ts'

const clubName = z
  .string({ error: 'is missing: give the name of a club' })
  .trim()
  .min(1, 'is empty: give the name of a club')
  .max(120, 'is too long for the name of a club')

const byMatch = z.strictObject({
  match_id: z.number({ error: 'must be a whole number above 0' }).pipe(matchId),
})

const byClubs = z.strictObject({
  home: clubName,
  away: clubName,
  kickoff: z
    .union([moment, z.iso.date()], {
      error: 'must be a date (2026-12-01) or a moment with its zone (2026-12-01T15:00:00Z)',
    })
    .optional(),
  competition: z.string().trim().min(1).max(120).optional(),
})

export type MatchQuestion = z.infer<typeof byMatch>
export type ClubsQuestion = z.infer<typeof byClubs>
export type Question = MatchQuestion | ClubsQuestion

/**
 * What a caller of POST /predict wants to know.
 * @throws RefusedError 422 `invalid_request` naming every fault
 */
export function readQuestion(body: unknown): Question {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RefusedError(
      'invalid_request',
      422,
      'Send a JSON object: {"match_id": N} or {"home": "…", "away": "…"}.',
    )
  }
  // Chosen by the key present, because a union's error would list the faults of both forms.
  const parsed = ('match_id' in body ? byMatch : byClubs).safeParse(body)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.flatMap(faultsOf)
  const sentence = errors.map((fault) => `${fault.path} ${fault.message}`).join('; ')
  throw new RefusedError('invalid_request', 422, `The request is not usable: ${sentence}.`, { errors })
}

function faultsOf(issue: z.core.$ZodIssue): { path: string; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: key.slice(0, 60), message: 'is not a field of this request' }))
  }
  return [{ path: issue.path.join('.') || 'request', message: issue.message }]
}
