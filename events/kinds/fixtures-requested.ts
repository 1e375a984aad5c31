import { z } from 'zod'
import type { EventKind } from '../envelope.ts'

const data = z
  .strictObject({ from: z.iso.date(), to: z.iso.date() })
  .refine((range) => range.from <= range.to, 'from must not lie after to')
  .refine(
    (range) => Date.parse(range.to) - Date.parse(range.from) <= 62 * 86_400_000,
    'at most 62 days at once',
  )

export type FixturesRequested = z.infer<typeof data>

export const fixturesRequested: EventKind<FixturesRequested> = {
  type: 'soccer.fixtures.requested.v1',
  data,
  source: '/soccer/schedule',
  to: ['scrape'],
  means: 'read the fixtures of these days',
}
