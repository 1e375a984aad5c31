import { isDeepStrictEqual } from 'node:util'
import { parse } from 'node-html-parser'
import { z } from 'zod'
import { asError } from '../../../runtime/errors/errors.ts'
import { readStatus } from './match-status.ts'
import type { Fixture } from './records.ts'
import { notUnderstood, understand } from './understand.ts'

const id = z.number().int().positive()
const name = z.string().min(1).max(120)
/** Some months were seen with "false" in quotes. */
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
const score = z.number().int().min(0).max(200).nullish()

const matchSchema = z.object({
  id,
  stageId: id.nullish(),
  status: z.number().int(),
  startTimeUtc: z.iso.datetime({ local: true, offset: true }),
  homeTeamId: id,
  homeTeamName: name,
  awayTeamId: id,
  awayTeamName: name,
  homeScore: score,
  awayScore: score,
  hasPreview: flag.nullish(),
})

const tournamentSchema = z.object({
  stageId: id,
  tournamentName: z.string().max(120),
  regionName: z.string().max(120),
  seasonName: z.string().max(120),
  matches: z.array(z.looseObject({ status: z.number().int() })),
})

const feedSchema = z.object({ tournaments: z.array(tournamentSchema) })

/** The fixtures of one month of a stage. @throws RefusedError `page_not_understood` */
export function parseFixturesFeed(text: string): Fixture[] {
  const { tournaments } = understand(feedSchema, readJson(text), 'feed')
  const fixtures = tournaments.flatMap((tournament, at) =>
    tournament.matches.flatMap((match, index) => {
      // Status 0 is a blank record: no teams, a kick-off in the year 1.
      if (match.status === 0) return []
      const place = `feed.tournaments[${at}].matches[${index}]`
      return [toFixture(understand(matchSchema, match, place), tournament)]
    }),
  )
  return collapseFixtures(fixtures)
}

/** One match may stand in several lists; they must agree about it. */
export function collapseFixtures(fixtures: readonly Fixture[]): Fixture[] {
  const byId = new Map<number, Fixture>()
  for (const fixture of fixtures) {
    const earlier = byId.get(fixture.matchId)
    if (earlier && !isDeepStrictEqual(facts(earlier), facts(fixture)))
      throw notUnderstood(`feed match ${fixture.matchId}`, 'stands there twice and differs')
    if (!earlier) byId.set(fixture.matchId, fixture)
  }
  return [...byId.values()]
}

/** Stage and season may differ between two lists that hold the same match. */
function facts({ home, away, kickoff, status, score: result }: Fixture): unknown[] {
  return [home.teamId, away.teamId, kickoff.getTime(), status, result]
}

function toFixture(
  match: z.infer<typeof matchSchema>,
  tournament: z.infer<typeof tournamentSchema>,
): Fixture {
  const status = readStatus(match.status)
  const { homeScore, awayScore } = match
  const played = status !== 'scheduled' && typeof homeScore === 'number' && typeof awayScore === 'number'
  return {
    matchId: match.id,
    stageId: match.stageId ?? tournament.stageId,
    country: tournament.regionName,
    competition: tournament.tournamentName,
    season: tournament.seasonName,
    home: { teamId: match.homeTeamId, name: match.homeTeamName },
    away: { teamId: match.awayTeamId, name: match.awayTeamName },
    kickoff: readUtc(match.startTimeUtc),
    status,
    score: played ? { home: homeScore, away: awayScore } : null,
    hasPreview: match.hasPreview ?? false,
  }
}

/** The field's name says UTC, so a time without a zone is one too. */
function readUtc(text: string): Date {
  return new Date(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`)
}

/** A browser that opens the feed as a page wraps it in `<pre>` and escapes it. */
function readJson(text: string): unknown {
  const json = text.trimStart().startsWith('<')
    ? // Read the text of <pre>, which this parser keeps as it is unless told to decode it.
      (parse(text, { blockTextElements: { script: true, style: true } }).querySelector('pre')?.textContent ??
      '')
    : text
  try {
    return JSON.parse(json)
  } catch (thrown) {
    throw notUnderstood('feed', asError(thrown).message)
  }
}
