import { type HTMLElement, parse } from 'node-html-parser'
import { z } from 'zod'
import { findLiteral, propertyOf, valueOf } from './literal.ts'
import { notUnderstood, understand } from './understand.ts'

export interface Season {
  readonly seasonId: number
  readonly label: string
}

export interface SeasonPage {
  /** Newest first, as the page lists them; the season shown need not be the newest. */
  readonly seasons: readonly Season[]
  /** Every stage of the season shown: one for a league, several for a cup. */
  readonly stageIds: readonly number[]
  /** Days with matches, `YYYY-MM-DD`, of the stage shown; empty where nothing is scheduled yet. */
  readonly days: readonly string[]
}

/** Years, then ZERO-based months, then days. */
const maskSchema = z.record(
  z.string().regex(/^\d{4}$/),
  z.record(
    z.string().regex(/^([0-9]|1[01])$/),
    z.record(z.string().regex(/^([1-9]|[12]\d|3[01])$/), z.unknown()),
  ),
)

/** @throws RefusedError `page_not_understood` */
export function parseSeasonPage(html: string): SeasonPage {
  const page = parse(html)
  const stageIds = readStages(page)
  if (stageIds.length === 0) throw notUnderstood('season page', 'names no stage')
  return { seasons: readSeasons(page), stageIds, days: readDays(html) }
}

function readSeasons(page: HTMLElement): Season[] {
  return page.querySelectorAll('#seasons option').flatMap((option) => {
    const [, seasonId] = /\/seasons\/(\d{1,15})(\/|$)/i.exec(option.getAttribute('value') ?? '') ?? []
    return seasonId === undefined ? [] : [{ seasonId: Number(seasonId), label: option.textContent.trim() }]
  })
}

/** A season of one stage has no list of stages; its link to the fixtures names it, in whatever language. */
function readStages(page: HTMLElement): number[] {
  const options = page.querySelectorAll('#stages option').map((option) => option.getAttribute('value'))
  const links = page.querySelectorAll('#sub-navigation a').map((link) => link.getAttribute('href'))
  const listed = options.map((address) => /\/stages\/(\d{1,15})(\/|$)/i.exec(address ?? '')?.[1])
  const linked = links.map((address) => /\/stages\/(\d{1,15})\/fixtures(\/|$)/i.exec(address ?? '')?.[1])
  return [...new Set([...listed, ...linked].filter((id) => id !== undefined).map(Number))]
}

function readDays(html: string): string[] {
  const place = 'wsCalendar'
  const calendar = findLiteral(html, /\bwsCalendar\s*=\s*/, 'ObjectExpression', place)
  const mask = calendar && propertyOf(calendar, 'mask')
  if (!mask) return []
  const years = understand(maskSchema, valueOf(mask), `${place}.mask`)
  const days = Object.entries(years).flatMap(([year, months]) =>
    Object.entries(months).flatMap(([month, marked]) =>
      Object.keys(marked).map((day) => `${year}-${pad(Number(month) + 1)}-${pad(Number(day))}`),
    ),
  )
  return days.sort()
}

function pad(number: number): string {
  return String(number).padStart(2, '0')
}
