import { NotNowError, RefusedError } from '../../../runtime/errors/errors.ts'
import { detectBlock } from './detect-block.ts'
import { monthsBetween } from './kickoff.ts'
import { collapseFixtures, parseFixturesFeed } from './parse-fixtures-feed.ts'
import { parseMatchPage } from './parse-match-page.ts'
import { parsePreviewPage } from './parse-preview-page.ts'
import { feedMonthUrl, matchUrl, previewUrl } from './paths.ts'
import type { Fixture, Match, MissingPlayer, NoPage, PredictedLineup, Sides } from './records.ts'

export interface Page {
  /** 200 where the reader cannot know it. */
  readonly status: number
  /** Where redirects ended. */
  readonly finalUrl: string
  readonly body: string
  /** What the site asked for with `Retry-After`. */
  readonly retryAfterMs?: number
}

/** Reads one page. @throws NotNowError where it cannot be had at the moment */
export type ReadPage = (url: string) => Promise<Page>

export interface MatchReading {
  readonly match: Match
  /** null: the site says nothing about it. */
  readonly missingPlayers: Sides<readonly MissingPlayer[]> | null
  readonly predictedLineups: Sides<PredictedLineup> | null
  readonly readAt: Date
}

export interface WhoScoredSource {
  readMatch(matchId: number): Promise<MatchReading>
  /** Every fixture of the stages that kicks off in the range, both ends included. */
  readFixtures(from: Date, to: Date): Promise<Fixture[]>
}

interface Needs {
  readonly read: ReadPage
  readonly baseUrl: string
  readonly stages: readonly number[]
  readonly now: () => Date
}

/** Whoever is refused once should not come back soon. */
const afterBlockMs = 15 * 60_000
const afterUnreadyMs = 30_000

/** The site's pages as records. Blocked, absent, unready and not understood pages end in errors of their own. */
export function createWhoScoredSource({ read, baseUrl, stages, now }: Needs): WhoScoredSource {
  async function readMatch(matchId: number): Promise<MatchReading> {
    const url = matchUrl(baseUrl, matchId)
    const body = await readBody(read, url)
    const page = body === null ? notFound : parseMatchPage(body, matchId)
    if (page.kind !== 'match') throw toError(page, matchId)
    const { match } = page
    const readAt = now()
    // After kick-off the line-ups say who plays, and the page would be read for nothing.
    const wanted = match.hasPreview && match.status === 'scheduled' && readAt < match.kickoff
    if (!wanted) return { match, missingPlayers: null, predictedLineups: null, readAt }
    const previewBody = await readBody(read, previewUrl(baseUrl, matchId))
    const preview = previewBody === null ? notFound : parsePreviewPage(previewBody, matchId)
    if (preview.kind === 'not_found') return { match, missingPlayers: null, predictedLineups: null, readAt }
    if (preview.kind !== 'preview') throw toError(preview, matchId)
    return { match, ...preview.preview, readAt: now() }
  }

  async function readFixtures(from: Date, to: Date): Promise<Fixture[]> {
    const found: Fixture[] = []
    for (const stageId of stages) {
      for (const month of monthsBetween(from, to)) {
        const body = await readBody(read, feedMonthUrl(baseUrl, stageId, month))
        if (body === null) throw new RefusedError('unknown_stage', 404, `The site has no stage ${stageId}.`)
        found.push(...parseFixturesFeed(body))
      }
    }
    return collapseFixtures(found).filter(({ kickoff }) => kickoff >= from && kickoff <= to)
  }

  return { readMatch, readFixtures }
}

const notFound: NoPage = { kind: 'not_found' }

/** The body of a page, or null where the site says that there is none. */
async function readBody(read: ReadPage, url: string): Promise<string | null> {
  const page = await read(url)
  const why = detectBlock(page.body, page.status, page.finalUrl)
  if (why) throw blocked(why, page.retryAfterMs)
  if (page.status === 404 || page.status === 410) return null
  if (/^\/404\.html$/i.test(new URL(page.finalUrl).pathname)) return null
  if (page.status >= 400)
    throw new NotNowError('source_unavailable', `${url} answered ${page.status}.`, {
      retryAfterMs: Math.max(page.retryAfterMs ?? 0, afterUnreadyMs),
    })
  return page.body
}

function toError(page: NoPage, matchId: number): Error {
  if (page.kind === 'blocked') return blocked(page.why)
  if (page.kind === 'not_found')
    return new RefusedError('unknown_match', 404, `The site has no match ${matchId}.`)
  return new NotNowError('source_not_ready', `Match ${matchId}: ${page.why}.`, {
    retryAfterMs: afterUnreadyMs,
  })
}

function blocked(why: string, askedMs = 0): NotNowError {
  return new NotNowError('source_blocked', `The site refuses us: ${why}.`, {
    retryAfterMs: Math.max(askedMs, afterBlockMs),
  })
}
