import type { FixturesRequested } from '../../events/kinds/fixtures-requested.ts'
import type { FixturesScraped } from '../../events/kinds/fixtures-scraped.ts'
import type { Fixture } from './sources/whoscored/records.ts'

interface Needs {
  readonly readFixtures: (from: Date, to: Date) => Promise<readonly Fixture[]>
  readonly saveFixtures: (fixtures: readonly Fixture[], listedAt: Date) => Promise<void>
  readonly now: () => Date
}

/** Reads the fixtures of some days and keeps them. */
export async function scrapeFixtures(
  { from, to }: FixturesRequested,
  needs: Needs,
): Promise<FixturesScraped> {
  // Both days are meant whole.
  const fixtures = await needs.readFixtures(new Date(`${from}T00:00:00Z`), new Date(`${to}T23:59:59.999Z`))
  const readAt = needs.now()
  await needs.saveFixtures(fixtures, readAt)
  return { from, to, match_ids: fixtures.map((fixture) => fixture.matchId), read_at: readAt.toISOString() }
}
