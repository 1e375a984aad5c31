import express, { type Router } from 'express'
import { z } from 'zod'
import { matchId } from '../../../events/prediction.ts'
import { NotNowError, RefusedError } from '../../runtime/errors/errors.ts'
import type { Answer } from '../answer.ts'
import type { ClubDirectory } from '../club-directory.ts'
import { type Question, readQuestion } from '../question.ts'
import type { ModelRow } from '../sql/find-model.ts'
import type { Page, UpcomingMatch } from '../sql/list-upcoming-matches.ts'
import { composeMatchPage, readMatchPage } from './match-pages.ts'
import { allowOnly, requireJson } from './problems.ts'
import { requestIdOf } from './request-context.ts'

export interface PredictRouteNeeds {
  readonly ask: (question: Question, requestId: string) => Promise<Answer>
  readonly upcoming: (page: Page) => Promise<UpcomingMatch[]>
  readonly clubs: () => Promise<ClubDirectory>
  readonly model: (alias: string) => Promise<ModelRow | undefined>
  readonly now: () => Date
}

/** A question is some hundred bytes; the limit is there for those who send something else. */
const bodyLimitBytes = 65_536

const clubQuery = z.object({
  q: z.string().trim().min(1).max(120),
  limit: z.coerce.number().int().min(1).max(50).default(10),
})

/** Everything under /predict. */
export function predictRoutes(needs: PredictRouteNeeds): Router {
  const { ask } = needs
  const routes = express.Router()
  routes
    .route('/predict')
    .post(requireJson, express.json({ limit: bodyLimitBytes }), async (request, response) => {
      response.json(await ask(readQuestion(request.body), requestIdOf(response)))
    })
    .all(allowOnly('POST'))
  addReadOnly(routes, needs)
  routes
    .route('/predict/:match_id')
    .get(async (request, response) => {
      const stage = request.query['stage']
      if (stage !== undefined && stage !== 'champion') {
        throw new RefusedError('stage_not_served', 422, 'Only the stage champion is served.')
      }
      response.json(await ask({ match_id: pathMatchId(request.params.match_id) }, requestIdOf(response)))
    })
    .all(allowOnly('GET'))
  return routes
}

function addReadOnly(routes: Router, { upcoming, clubs, model, now }: PredictRouteNeeds): void {
  routes
    .route('/predict/matches')
    .get(async (request, response) => {
      const page = readMatchPage(request.query, now())
      response.json(composeMatchPage(await upcoming({ ...page, limit: page.limit + 1 }), page.limit))
    })
    .all(allowOnly('GET'))
  routes
    .route('/predict/clubs')
    .get(async (request, response) => {
      const query = clubQuery.safeParse(request.query)
      if (!query.success)
        throw new RefusedError('invalid_request', 422, 'Give a part of a name: /predict/clubs?q=man')
      const found = (await clubs()).suggest(query.data.q, query.data.limit)
      response.json({
        clubs: found.map(({ id, name, country, competition }) => ({
          club_id: id,
          name,
          country,
          competition,
        })),
      })
    })
    .all(allowOnly('GET'))
  routes
    .route('/predict/model/info')
    .get(async (_request, response) => {
      const found = await model('champion')
      if (!found) throw new NotNowError('model_unavailable', 'No model has been loaded yet.')
      const { alias, name, version, manifest, loaded_at } = found
      response.json({ ...manifest, name, version, alias, loaded_at: loaded_at.toISOString() })
    })
    .all(allowOnly('GET'))
}

function pathMatchId(text: string): number {
  const parsed = matchId.safeParse(/^\d{1,16}$/.test(text) ? Number(text) : undefined)
  if (parsed.success) return parsed.data
  throw new RefusedError(
    'no_such_page',
    404,
    'There is nothing here: a match is asked for by its number, /predict/123.',
  )
}
