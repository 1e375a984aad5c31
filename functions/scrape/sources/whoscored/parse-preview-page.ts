import { type HTMLElement, parse } from 'node-html-parser'
import { proveHeader } from './match-header.ts'
import type { MissingPlayer, NoPage, PredictedLineup, PredictedPlayer, Preview, Sides } from './records.ts'
import { notUnderstood } from './understand.ts'

/** @throws RefusedError `page_not_understood` where the page is that of the match but not built as we know it. */
export function parsePreviewPage(
  html: string,
  askedMatchId: number,
): { kind: 'preview'; preview: Preview } | NoPage {
  const proof = proveHeader(html, askedMatchId)
  if (proof.kind !== 'proved') return proof
  const page = parse(html)
  return {
    kind: 'preview',
    preview: { missingPlayers: readMissing(page), predictedLineups: readPredicted(page) },
  }
}

function readMissing(page: HTMLElement): Sides<readonly MissingPlayer[]> | null {
  const section = page.querySelector('#missing-players')
  if (!section) return null
  // By class, not by place: a selector for small screens stands before the two sides.
  const [home, away] = ['home', 'away'].map((side) => section.querySelector(`> div.${side}`))
  if (!home || !away) throw notUnderstood('#missing-players', 'does not have its two sides')
  return { home: readMissingSide(home, 'home'), away: readMissingSide(away, 'away') }
}

function readMissingSide(side: HTMLElement, name: string): MissingPlayer[] {
  return side.querySelectorAll('tbody tr').flatMap((row, index) => {
    const player = row.querySelector('td.pn')
    return player ? [readMissingPlayer(row, player, `#missing-players .${name} row ${index + 1}`)] : []
  })
}

function readMissingPlayer(row: HTMLElement, cell: HTMLElement, place: string): MissingPlayer {
  const link = cell.querySelector('a.player-link')
  const name = (link ?? cell).textContent.trim()
  if (name === '') throw notUnderstood(place, 'names no player')
  const reason = row.querySelector('td.reason .missing')
  const title = reason?.getAttribute('title')?.trim() ?? ''
  const confirmed = row.querySelector('td.confirmed')?.textContent.trim().toLowerCase() ?? ''
  const doubtful = confirmed === 'doubtful' || (confirmed !== 'out' && /doubtful/i.test(title))
  return {
    playerId: playerNumber(link, place),
    name,
    reason: title === '' ? 'unknown' : title,
    status: doubtful ? 'doubtful' : 'out',
  }
}

function readPredicted(page: HTMLElement): Sides<PredictedLineup> | null {
  const section = page.querySelector('#preview-lineups')
  const home = section && readPredictedSide(section, 'home')
  const away = section && readPredictedSide(section, 'away')
  if (!home || !away || home.players.length + away.players.length === 0) return null
  return { home, away }
}

function readPredictedSide(section: HTMLElement, side: 'home' | 'away'): PredictedLineup {
  const formation = section
    .querySelector(`.pitch-formation-header .${side} .formation-label`)
    ?.textContent.trim()
  return {
    formation: formation || null,
    players: section.querySelectorAll(`.pitch > .${side} > ul.player`).map((list, index) => {
      return readPredictedPlayer(list, `#preview-lineups .${side} player ${index + 1}`)
    }),
  }
}

/** The title reads `Full Name(POS)`; a name may hold brackets of its own, so the last pair counts. */
function readPredictedPlayer(list: HTMLElement, place: string): PredictedPlayer {
  const link = list.querySelector('a.player-link')
  const title = list.getAttribute('title')?.trim() ?? ''
  const [, fullName, position] = /^(.*)\(([^()]*)\)$/s.exec(title) ?? []
  const name = (fullName ?? (title || link?.textContent) ?? '').trim()
  if (name === '') throw notUnderstood(place, 'names no player')
  const stated = Number(list.getAttribute('data-playerid'))
  return {
    playerId: Number.isSafeInteger(stated) && stated > 0 ? stated : playerNumber(link, place),
    name,
    position: position || null,
  }
}

function playerNumber(link: HTMLElement | null, place: string): number {
  const [, id] = /\/players\/(\d{1,15})(\/|$)/i.exec(link?.getAttribute('href') ?? '') ?? []
  if (id === undefined) throw notUnderstood(place, 'gives no player number')
  return Number(id)
}
