import { expect } from 'chai'
import type { Event } from '../../../functions/runtime/broker/publisher.ts'
import { composeReplay } from '../../../scripts/replay/compose-replay.ts'

const original = {
  specversion: '1.0',
  id: 'one',
  source: '/test',
  type: 'test.asked',
  time: '2026-11-23T18:00:00.000Z',
  correlationid: 'c1',
  data: { n: 1 },
}
const letter: Event = {
  ...original,
  recordedtime: '2026-11-23T18:00:01.000Z',
  knativeerrordest: 'http://infer',
  knativeerrorcode: 503,
  knativeerrordata: 'away',
}

describe('the event that is sent once more', () => {
  it('is a new one that names its original and keeps its time', () => {
    const { id, ...rest } = composeReplay(letter, { redrive: false })
    expect(id).to.match(/^[0-9a-f-]{36}$/)
    const { id: _, ...kept } = original
    expect(rest).to.deep.equal({ ...kept, replayof: 'one' })
  })

  it('keeps its id where that is asked for', () => {
    expect(composeReplay(letter, { redrive: false, 'same-id': true })).to.deep.equal({
      ...original,
      replayof: 'one',
    })
  })

  it('names the first original, also when a replay is replayed', () => {
    expect(composeReplay({ ...letter, replayof: 'zero' }, { redrive: false })['replayof']).to.equal('zero')
  })

  it('goes as it was when a letter is redriven, so that scrape may visit the site for it', () => {
    expect(composeReplay(letter, { redrive: true })).to.deep.equal(original)
    expect(composeReplay({ ...letter, replayof: 'zero' }, { redrive: true })).to.deep.equal({
      ...original,
      replayof: 'zero',
    })
  })

  it('is a replay again when new ids are asked for', () => {
    const sent = composeReplay(letter, { redrive: true, 'same-id': false })
    expect(sent['replayof']).to.equal('one')
    expect(sent.id).to.not.equal('one')
  })
})
