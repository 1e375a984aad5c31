import { composeFailure, composeReply } from '../../events/compose.ts'
import { type FixturesRequested, fixturesRequested } from '../../events/kinds/fixtures-requested.ts'
import { type FixturesScraped, fixturesScraped } from '../../events/kinds/fixtures-scraped.ts'
import { matchFailed } from '../../events/kinds/match-failed.ts'
import { matchRequested } from '../../events/kinds/match-requested.ts'
import { type MatchScraped, matchScraped } from '../../events/kinds/match-scraped.ts'
import type { Event } from '../runtime/broker/publisher.ts'
import type { RefusedError } from '../runtime/errors/errors.ts'
import { type EventHandler, handleEvent } from '../runtime/serve/event-handler.ts'

interface Needs {
  readonly scrapeMatch: (matchId: number) => Promise<MatchScraped>
  readonly scrapeFixtures: (range: FixturesRequested) => Promise<FixturesScraped>
  readonly now: () => Date
}

export function scrapeHandlers({ scrapeMatch, scrapeFixtures, now }: Needs): readonly EventHandler[] {
  const refused = (error: RefusedError, event: Event) => composeFailure(matchFailed, event, error, now())
  return [
    handleEvent({
      kind: matchRequested,
      run: async ({ match_id }, event) =>
        composeReply(matchScraped, event, {
          subject: String(match_id),
          data: await scrapeMatch(match_id),
          time: now(),
        }),
      refused,
    }),
    handleEvent({
      kind: fixturesRequested,
      run: async (range, event) =>
        composeReply(fixturesScraped, event, { data: await scrapeFixtures(range), time: now() }),
      refused,
    }),
  ]
}
