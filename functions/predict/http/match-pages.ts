import { z } from 'zod'
import { RefusedError } from '../../runtime/errors/errors.ts'
import type { Page, UpcomingMatch } from '../sql/list-upcoming-matches.ts'

const query = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `<kick-off>_<match id>` of the last match of the page before. */
  after: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T[\d:.]+Z_\d{1,16}$/)
    .optional(),
})

/** @throws RefusedError 422 */
export function readMatchPage(given: unknown, now: Date): Page {
  const parsed = query.safeParse(given)
  if (!parsed.success) {
    const detail = 'limit is a number from 1 to 200; after is the next value of the page before.'
    throw new RefusedError('invalid_request', 422, detail)
  }
  const { limit, after } = parsed.data
  const [kickoff = '', matchId = ''] = after?.split('_') ?? []
  return {
    from: now,
    limit,
    after: after === undefined ? undefined : { kickoff: new Date(kickoff), matchId: Number(matchId) },
  }
}

/** `rows` holds one more than `limit` where there is a next page. */
export function composeMatchPage(rows: readonly UpcomingMatch[], limit: number) {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    demonstration: shown.some((match) => match.source === 'demonstration'),
    matches: shown.map(({ source: _, kickoff, ...match }) => ({ ...match, kickoff: kickoff.toISOString() })),
    next: rows.length > limit && last ? `${last.kickoff.toISOString()}_${last.match_id}` : null,
  }
}
