import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findMeeting, londonDay, londonTime, meetingsOfDay } from './calendar.ts'
import { demonstrationLeagues, type League } from './leagues.ts'
import { feedOf, homePage, seasonPage } from './list-pages.ts'
import { layout } from './markup.ts'
import { livePage, previewPage } from './match-pages.ts'
import { type MatchState, stateOf } from './match-state.ts'

export interface DemonstrationSite {
  readonly url: string
  close(): Promise<void>
}

interface Options {
  /** 0 takes a free one. */
  readonly port: number
  readonly now: () => Date
  readonly leagues?: readonly League[]
}

/** The stages whose months the site lists. */
export const demonstrationStages: readonly number[] = demonstrationLeagues.map(({ stageId }) => stageId)

const daysBack = 3
const daysAhead = 11

interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
  readonly location?: string
}

type Route = readonly [path: RegExp, answer: (id: number, url: URL) => Answer | null]

/** Serves, to this machine only, a site of our own writing that is built like the real one. */
export async function startDemonstrationSite({
  port,
  now,
  leagues = demonstrationLeagues,
}: Options): Promise<DemonstrationSite> {
  const routes = routesOf(now, leagues)
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const { status, type, body, location } = answer(routes, url)
    response.writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'x-robots-tag': 'noindex',
      ...(location !== undefined && { location }),
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  })
  await listen(server, port)
  const { port: takenPort } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${takenPort}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

function answer(routes: readonly Route[], url: URL): Answer {
  for (const [path, respond] of routes) {
    const match = path.exec(url.pathname)
    if (match) return respond(Number(match[1] ?? 0), url) ?? redirectToNotFound(url)
  }
  return redirectToNotFound(url)
}

function routesOf(now: () => Date, leagues: readonly League[]): readonly Route[] {
  const ofMatch = (matchId: number, show: (state: MatchState) => string | null): Answer | null => {
    const meeting = findMeeting(matchId, leagues)
    const page = meeting ? show(stateOf(meeting, now())) : null
    return page === null ? null : html(200, page)
  }
  return [
    [/^\/$/, () => html(200, homePage(leagues, windowOf(now(), leagues)))],
    [
      /^\/robots\.txt$/,
      () => ({ status: 200, type: 'text/plain', body: 'User-agent: *\nDisallow: /predictions/\n' }),
    ],
    [/^\/matches\/(\d+)\/live(?:\/|$)/i, (id) => ofMatch(id, livePage)],
    [
      /^\/matches\/(\d+)\/preview(?:\/|$)/i,
      (id) => ofMatch(id, (state) => (state.hasPreview ? previewPage(state) : null)),
    ],
    [/^\/tournaments\/(\d+)\/data\/?$/i, (id, url) => feed(id, url, now(), leagues)],
    [/^\/regions\/\d+\/tournaments\/(\d+)(?:\/|$)/i, (id) => season(id, now(), leagues)],
    [
      /^\/404\.html$/,
      () => html(404, layout('Page not found', '<p>The page you requested does not exist.</p>')),
    ],
  ]
}

function season(tournamentId: number, now: Date, leagues: readonly League[]): Answer | null {
  const league = leagues.find((known) => known.tournamentId === tournamentId)
  return league ? html(200, seasonPage(league, windowOf(now, [league], leagues))) : null
}

/** Without a month the real site answers nothing; so does this one. */
function feed(stageId: number, url: URL, now: Date, leagues: readonly League[]): Answer | null {
  const league = leagues.find((known) => known.stageId === stageId)
  if (!league) return null
  const month = url.searchParams.get('d')
  const states = windowOf(now, [league], leagues).filter(
    ({ meeting }) => londonTime(meeting.kickoff).slice(0, 7).replace('-', '') === month,
  )
  const tournaments = states.length === 0 ? [] : [feedOf(league, states)]
  return {
    status: 200,
    type: 'application/json',
    body: month === null ? '' : JSON.stringify({ demonstration: true, tournaments, locale: 'en' }),
  }
}

/** Some days back, so that there are results, and the days to come, in order. */
function windowOf(now: Date, wanted: readonly League[], leagues: readonly League[] = wanted): MatchState[] {
  const today = londonDay(now)
  return Array.from({ length: daysBack + daysAhead + 1 }, (_, index) => today - daysBack + index)
    .flatMap((day) => meetingsOfDay(day, leagues))
    .filter(({ league }) => wanted.includes(league))
    .sort((one, other) => one.kickoff.getTime() - other.kickoff.getTime())
    .map((meeting) => stateOf(meeting, now))
}

function html(status: number, body: string): Answer {
  return { status, type: 'text/html', body }
}

function redirectToNotFound(url: URL): Answer {
  const location = `/404.html?aspxerrorpath=${encodeURIComponent(url.pathname)}`
  return { status: 302, type: 'text/html', body: '', location }
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}
