import type { EventKind } from './envelope.ts'
import { fixturesRequested } from './kinds/fixtures-requested.ts'
import { fixturesScraped } from './kinds/fixtures-scraped.ts'
import { matchFailed } from './kinds/match-failed.ts'
import { matchRequested } from './kinds/match-requested.ts'
import { matchScraped } from './kinds/match-scraped.ts'
import { predictionCompleted } from './kinds/prediction-completed.ts'
import { predictionFailed } from './kinds/prediction-failed.ts'
import { predictionRequested } from './kinds/prediction-requested.ts'

/** Every kind of event, once. */
export const catalogue: readonly EventKind<unknown>[] = [
  matchRequested,
  fixturesRequested,
  matchScraped,
  fixturesScraped,
  matchFailed,
  predictionRequested,
  predictionCompleted,
  predictionFailed,
]
