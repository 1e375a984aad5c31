import { composeFailure, composeReply } from '../../events/compose.ts'
import { fixturesRequested } from '../../events/kinds/fixtures-requested.ts'
import { fixturesScraped } from '../../events/kinds/fixtures-scraped.ts'
import { matchFailed } from '../../events/kinds/match-failed.ts'
import { matchRequested } from '../../events/kinds/match-requested.ts'
import { matchScraped } from '../../events/kinds/match-scraped.ts'
import type { Event } from '../runtime/broker/publisher.ts'
import type { RefusedError } from '../runtime/errors/errors.ts'
import { handleOnce, recordRefusals } from '../runtime/ledger/handle-once.ts'
import type { Ledger } from '../runtime/ledger/ledger.ts'
import { type EventHandler, handleEvent } from '../runtime/serve/event-handler.ts'
import { replayedFrom } from './read-archived.ts'
import { type FixturesNeeds, scrapeFixtures } from './scrape-fixtures.ts'
import { type MatchNeeds, scrapeMatch } from './scrape-match.ts'

type Reading = Pick<MatchNeeds, 'readMatch'> & Pick<FixturesNeeds, 'readFixtures' | 'now'>

interface Needs extends Pick<MatchNeeds, 'saveMatch'>, Pick<FixturesNeeds, 'saveFixtures'> {
  /** The site, or for a replay of what was sent then, its pages as they were kept. */
  readonly readingFor: (replayed: Date | undefined) => Reading
  readonly ledger: Pick<Ledger, 'find' | 'once' | 'refuse'>
  readonly now: () => Date
}

/** An event delivered again must not visit the site again, so each is looked up first. */
export function scrapeHandlers(needs: Needs): readonly EventHandler[] {
  const { readingFor, saveMatch, saveFixtures, ledger, now } = needs
  const refused = (error: RefusedError, event: Event) => composeFailure(matchFailed, event, error, now())
  const handlers = [
    handleEvent({
      kind: matchRequested,
      run: ({ match_id }, event) =>
        scrapeMatch(match_id, { ...readingFor(replayedFrom(event)), saveMatch }, (save) =>
          ledger.once(event, async (transaction) => {
            const reply = { subject: String(match_id), data: await save(transaction), time: now() }
            return composeReply(matchScraped, event, reply)
          }),
        ),
      refused,
    }),
    handleEvent({
      kind: fixturesRequested,
      run: (range, event) =>
        scrapeFixtures(range, { ...readingFor(replayedFrom(event)), saveFixtures }, (save) =>
          ledger.once(event, async (transaction) =>
            composeReply(fixturesScraped, event, { data: await save(transaction), time: now() }),
          ),
        ),
      refused,
    }),
  ]
  return handleOnce(recordRefusals(handlers, matchFailed.type, ledger), ledger)
}
