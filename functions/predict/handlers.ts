import { composeFailure, composeReply, correlationOf } from '../../events/compose.ts'
import { type Failure, replayRefusal } from '../../events/failure.ts'
import { matchFailed } from '../../events/kinds/match-failed.ts'
import { matchRequested } from '../../events/kinds/match-requested.ts'
import { predictionCompleted } from '../../events/kinds/prediction-completed.ts'
import { predictionFailed } from '../../events/kinds/prediction-failed.ts'
import { predictionRequested } from '../../events/kinds/prediction-requested.ts'
import { pairSubject } from '../../events/prediction.ts'
import type { Event } from '../runtime/broker/publisher.ts'
import type { RefusedError } from '../runtime/errors/errors.ts'
import { type EventHandler, handleEvent } from '../runtime/serve/event-handler.ts'
import type { Answered } from './answer-question.ts'
import type { Asked } from './resolve-question.ts'

interface Needs {
  readonly refuse: (subject: string, why: Failure) => Promise<void>
  readonly answer: (asked: Asked, correlationId: string) => Promise<Answered>
  readonly now: () => Date
}

/**
 * Refusals wake those who wait; questions asked as events are answered as events. Neither keeps a ledger: nothing is
 * stored by waking, and a question delivered again is answered from the stores under the same id of the reply.
 */
export function predictHandlers({ refuse, answer, now }: Needs): readonly EventHandler[] {
  const refused = (error: RefusedError, event: Event) => composeFailure(predictionFailed, event, error, now())
  const wake = async (why: Failure, event: Event): Promise<undefined> => {
    if (why.code === replayRefusal) return
    await refuse(event.subject ?? '', why)
  }
  const reply = async (asked: Asked, event: Event): Promise<Event> => {
    const { prediction } = await answer(asked, correlationOf(event))
    return composeReply(predictionCompleted, event, { subject: asked.subject, data: prediction, time: now() })
  }
  return [
    handleEvent({ kind: matchFailed, run: wake, refused }),
    handleEvent({ kind: predictionFailed, run: wake, refused }),
    handleEvent({
      kind: matchRequested,
      run: ({ match_id }, event) =>
        reply({ kind: 'match', subject: String(match_id), matchId: match_id }, event),
      refused,
    }),
    handleEvent({
      kind: predictionRequested,
      run: (pair, event) => {
        const subject = pairSubject(pair.home_club_id, pair.away_club_id, new Date(pair.kickoff))
        return reply({ kind: 'pair', subject, pair }, event)
      },
      refused,
    }),
  ]
}
