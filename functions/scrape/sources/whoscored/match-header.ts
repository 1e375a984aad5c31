import { z } from 'zod'
import { detectBlock } from './detect-block.ts'
import { readKickoff, zoneOfPage } from './kickoff.ts'
import { findLiteral, propertyOf, valueOf } from './literal.ts'
import { readScore, readStatus } from './match-status.ts'
import type { Match, NoPage } from './records.ts'
import { notUnderstood, understand } from './understand.ts'

const place = 'matchheader'
const teamId = z.number().int().positive()
const name = z.string().min(1).max(120)
const label = z.string().max(120).nullish()

/** Positions: team numbers, team names, kick-off, its day, status code, its label, five scores, two countries. */
const inputSchema = z.tuple(
  [teamId, teamId, name, name, z.string(), label, z.number().int(), label, label, label, label, label, label],
  z.unknown(),
)

type Header = Omit<Match, 'lineups' | 'hasPreview'>

/**
 * The block that stands on every page of a match. It is the proof that the page is that of the asked match: pages of
 * other matches, walls and shells come back with status 200 as well.
 */
export function proveHeader(html: string, askedMatchId: number): { kind: 'proved'; header: Header } | NoPage {
  const literal = findLiteral(
    html,
    /require\.config\.params\[\s*["']matchheader["']\s*\]\s*=\s*/,
    'ObjectExpression',
    place,
  )
  if (!literal) return explainAbsence(html)
  const id = propertyOf(literal, 'matchId')
  const pageMatchId = understand(z.number().int(), id && valueOf(id), `${place}.matchId`)
  if (pageMatchId !== askedMatchId)
    return { kind: 'not_ready', why: `the page is that of match ${pageMatchId}, not of ${askedMatchId}` }
  const input = propertyOf(literal, 'input')
  if (!input) throw notUnderstood(`${place}.input`, 'is not there')
  return { kind: 'proved', header: readHeader(askedMatchId, valueOf(input), zoneOfPage(html)) }
}

function readHeader(matchId: number, value: unknown, zone: string): Header {
  const input = understand(inputSchema, value, `${place}.input`)
  const status = readStatus(input[6])
  const [homeCountry, awayCountry] = [13, 14].map((at) =>
    understand(label, input[at], `${place}.input[${at}]`),
  )
  return {
    matchId,
    home: { teamId: input[0], name: input[2] },
    away: { teamId: input[1], name: input[3] },
    kickoff: readKickoff(input[4], zone, `${place}.input[4]`),
    status,
    statusCode: input[6],
    statusText: input[7] ?? '',
    score: status === 'scheduled' ? null : readScore(input[12] ?? '', `${place}.input[12]`),
    homeCountry: homeCountry || null,
    awayCountry: awayCountry || null,
  }
}

function explainAbsence(html: string): NoPage {
  const why = detectBlock(html, 200, '/')
  if (why) return { kind: 'blocked', why }
  if (/page you requested does not exist/i.test(html)) return { kind: 'not_found' }
  if (!/<\/body>/i.test(html)) return { kind: 'not_ready', why: 'the page ended before its data' }
  throw notUnderstood(place, 'is not on the page')
}
