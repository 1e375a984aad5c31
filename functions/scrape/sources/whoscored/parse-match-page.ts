import { parse } from 'node-html-parser'
import { z } from 'zod'
import { readLineups } from './lineups.ts'
import { findLiteral, jsonOf, type PageLiteral, propertyOf, valueOf } from './literal.ts'
import { proveHeader } from './match-header.ts'
import type { Lineup, Match, MatchStatus, NoPage, Sides, Team } from './records.ts'
import { understand } from './understand.ts'

type Centre = { kind: 'read'; lineups: Sides<Lineup> | null } | NoPage

/** @throws RefusedError `page_not_understood` where the page is that of the match but not built as we know it. */
export function parseMatchPage(html: string, askedMatchId: number): { kind: 'match'; match: Match } | NoPage {
  const proof = proveHeader(html, askedMatchId)
  if (proof.kind !== 'proved') return proof
  const { header } = proof
  const centre = readCentre(html, askedMatchId, header.status, { home: header.home, away: header.away })
  if (centre.kind !== 'read') return centre
  return {
    kind: 'match',
    match: { ...header, lineups: centre.lineups, hasPreview: linksToPreview(html, askedMatchId) },
  }
}

function readCentre(html: string, askedMatchId: number, status: MatchStatus, teams: Sides<Team>): Centre {
  const args = findLiteral(
    html,
    /require\.config\.params\[\s*["']args["']\s*\]\s*=\s*/,
    'ObjectExpression',
    'args',
  )
  if (!args) return explainNoCentre(status)
  const id = propertyOf(args, 'matchId')
  const centreMatchId = understand(z.number().int(), id && valueOf(id), 'args.matchId')
  if (centreMatchId !== askedMatchId)
    return { kind: 'not_ready', why: `the match centre is that of match ${centreMatchId}` }
  const centre = propertyOf(args, 'matchCentreData')
  if (centre && !isNull(centre)) return { kind: 'read', lineups: readLineups(jsonOf(centre), teams) }
  // Matches without Opta data have an older block; it names no ratings and often no player numbers, so it is left.
  if (centre || propertyOf(args, 'initialMatchDataForScrappers')) return { kind: 'read', lineups: null }
  return explainNoCentre(status)
}

/** Before kick-off there is nothing to wait for; after it a page without its data was not served whole. */
function explainNoCentre(status: MatchStatus): Centre {
  if (status === 'in_play' || status === 'finished')
    return { kind: 'not_ready', why: 'the page came without its match centre' }
  return { kind: 'read', lineups: null }
}

function isNull({ node }: PageLiteral): boolean {
  return node.type === 'Literal' && node.value === null
}

/** Entries of the menu that do not exist for this match stay in it, with the class "inactive" and no address. */
function linksToPreview(html: string, matchId: number): boolean {
  const path = new RegExp(`^/matches/${matchId}/preview(/|$)`, 'i')
  return parse(html)
    .querySelectorAll('#sub-navigation a')
    .some((link) => path.test(link.getAttribute('href') ?? '') && !link.classList.contains('inactive'))
}
