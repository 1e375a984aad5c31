import { randomUUID } from 'node:crypto'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import type { ReplayOptions } from './options.ts'

/**
 * The event as it is sent: without what journal and dispatcher have added, and with the id of its original as
 * `replayof`, which tells scrape to stay away from the site. A redriven letter is no replay but the delivery that
 * failed, made good: it goes as it was, unless new ids are asked for.
 */
export function composeReplay(
  event: Event,
  { redrive, 'same-id': sameId = redrive }: Pick<ReplayOptions, 'redrive' | 'same-id'>,
): Event {
  const {
    recordedtime: _recorded,
    knativeerrordest: _dest,
    knativeerrorcode: _code,
    knativeerrordata: _data,
    replayof: original = event.id,
    ...plain
  } = event
  if (redrive && sameId) return event['replayof'] === undefined ? plain : { ...plain, replayof: original }
  return { ...plain, id: sameId ? event.id : randomUUID(), replayof: original }
}
