import { z } from 'zod'
import { type EventKind, moment } from '../envelope.ts'
import { matchId } from '../prediction.ts'

const data = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  match_ids: z.array(matchId).max(5_000),
  read_at: moment,
})

export type FixturesScraped = z.infer<typeof data>

export const fixturesScraped: EventKind<FixturesScraped> = {
  type: 'soccer.fixtures.scraped.v1',
  data,
  source: '/soccer/scrape',
  to: ['archive'],
  means: 'the fixtures of these days are stored',
}
