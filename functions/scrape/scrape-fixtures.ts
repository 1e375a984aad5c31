import type { FixturesRequested } from '../../events/kinds/fixtures-requested.ts'
import type { FixturesScraped } from '../../events/kinds/fixtures-scraped.ts'
import type { Querying } from '../runtime/database/statements.ts'
import type { Fixture } from './sources/whoscored/records.ts'

export interface FixturesNeeds {
  readonly readFixtures: (from: Date, to: Date) => Promise<readonly Fixture[]>
  readonly saveFixtures: (
    transaction: Querying,
    fixtures: readonly Fixture[],
    listedAt: Date,
  ) => Promise<void>
  readonly now: () => Date
}

/** Reads the fixtures of some days and keeps them in one transaction with whatever else `commit` does there. */
export async function scrapeFixtures<Result>(
  { from, to }: FixturesRequested,
  { readFixtures, saveFixtures, now }: FixturesNeeds,
  commit: (save: (transaction: Querying) => Promise<FixturesScraped>) => Promise<Result>,
): Promise<Result> {
  // Both days are meant whole.
  const fixtures = await readFixtures(new Date(`${from}T00:00:00Z`), new Date(`${to}T23:59:59.999Z`))
  const readAt = now()
  return commit(async (transaction) => {
    await saveFixtures(transaction, fixtures, readAt)
    return { from, to, match_ids: fixtures.map((fixture) => fixture.matchId), read_at: readAt.toISOString() }
  })
}
