import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import express, { type Express, type Response } from 'express'

export interface PageStub {
  readonly url: string
  readonly asked: Record<string, unknown>[]
  /** Answers what was asked about the club `slow`, which is held back until then. */
  readonly release: () => void
  readonly close: () => Promise<void>
}

export const hostileName = '<img src=x onerror="document.title=1">'

const webFolder = fileURLToPath(new URL('../../functions/predict/web/', import.meta.url))

const clubs = [
  toClub('Arsenal'),
  toClub('Chelsea'),
  toClub('Man United'),
  toClub('Man City'),
  { ...toClub('Hostile'), name: hostileName },
]

const fixtures = [
  toFixture(9_100_000_001, 'Arsenal', 'Chelsea', '2026-11-24T20:00:00.000Z'),
  toFixture(9_100_000_002, 'Man United', hostileName, '2026-11-25T20:00:00.000Z'),
]

/** The API as the page sees it, with the answers of the cases the page has to show. */
export async function startPageStub(): Promise<PageStub> {
  const asked: Record<string, unknown>[] = []
  const held: (() => void)[] = []
  const app = express()
  servePage(app)
  app.get('/predict/matches', (_request, response) => {
    response.json({ demonstration: true, matches: fixtures, next: null })
  })
  app.get('/predict/clubs', (request, response) => {
    const { q } = request.query
    const wanted = typeof q === 'string' ? q.toLowerCase() : ''
    response.json({ clubs: clubs.filter(({ name }) => name.toLowerCase().includes(wanted)) })
  })
  app.get('/predict/model/info', (_request, response) => {
    response.json({
      name: 'soccer-match-outcome',
      version: '1.2.3',
      alias: 'champion',
      ratings_until: '2024-06-28',
    })
  })
  app.post('/predict', express.json(), (request, response) => {
    const question = request.body as Record<string, unknown>
    asked.push(question)
    if (question['home'] === 'slow') held.push(() => answer(question, response))
    else if (question['home'] === 'later' && asked.length === 1)
      response.status(202).set('retry-after', '0').json({})
    else if (question['home'] === 'locked' && request.get('x-api-key') !== 'open') {
      refuse(response, 401, { detail: 'This service asks for a key.' })
    } else answer(question, response)
  })
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    asked,
    release: () => held.splice(0).forEach((free) => free()),
    close: () => close(server),
  }
}

function servePage(app: Express): void {
  app.use((_request, response, next) => {
    response.set('content-security-policy', "default-src 'self'")
    next()
  })
  app.get('/', (_request, response) => {
    response.sendFile('index.html', { root: webFolder })
  })
  app.use('/web', express.static(webFolder))
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

function answer(question: Record<string, unknown>, response: Response): void {
  const fixture = fixtures.find(({ match_id }) => match_id === question['match_id'])
  const home = fixture?.home ?? question['home']
  if (home === 'man') {
    refuse(response, 422, {
      detail: 'More than one club is called “man”.',
      side: 'home',
      candidates: clubs.filter(({ name }) => name.startsWith('Man')),
    })
  } else if (home === 'nowhere') refuse(response, 422, { detail: 'No club is called “nowhere”.' })
  else if (home === 'busy') refuse(response.set('retry-after', '2'), 503, { detail: 'The service is busy.' })
  else if (home === 'down') response.status(502).type('html').send('<h1>Bad gateway</h1>')
  else response.json(toAnswer(fixture, findClub(home), findClub(fixture?.away ?? question['away'])))
}

function refuse(response: Response, status: number, problem: object): void {
  const common = {
    type: 'about:blank',
    title: 'refused',
    status,
    code: 'refused',
    request_id: 'request-refused',
  }
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...common, ...problem }))
}

function toAnswer(fixture: (typeof fixtures)[number] | undefined, home: object, away: object) {
  const missing = {
    read_at: '2026-11-23T18:00:00.000Z',
    home: [{ player_id: 1, name: 'A. Striker', reason: 'injured', status: 'out' }],
    away: [],
  }
  return {
    match: {
      match_id: fixture?.match_id ?? null,
      home,
      away,
      kickoff: '2026-11-24T20:00:00.000Z',
      competition: null,
    },
    probabilities: { home: 0.335, draw: 0.335, away: 0.33 },
    model: { name: 'soccer-match-outcome', version: '1.2.3', alias: 'champion' },
    as_of: '2024-06-28T23:59:59.000Z',
    features_age_s: 75_900_000,
    stale: fixture !== undefined,
    cache: fixture ? 'computed' : 'stored',
    missing_players: fixture ? missing : null,
    request_id: 'request-answered',
  }
}

function findClub(text: unknown) {
  const wanted = String(text).toLowerCase()
  return (
    clubs.find(({ club_id, name }) => club_id === wanted || name.toLowerCase() === wanted) ??
    toClub(String(text))
  )
}

function toClub(name: string) {
  const clubId = `england.${name.toLowerCase().replace(' ', '-')}`
  return { club_id: clubId, name, country: 'England', competition: 'Premier League' }
}

function toFixture(matchId: number, home: string, away: string, kickoff: string) {
  const where = { competition: 'Premier League', country: 'England', status: 'scheduled' }
  return { match_id: matchId, home, away, kickoff, ...where }
}
