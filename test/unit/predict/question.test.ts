import { expect } from 'chai'
import { readQuestion } from '../../../functions/predict/question.ts'
import { RefusedError } from '../../../functions/runtime/errors/errors.ts'

const refusal = (body: unknown) => {
  try {
    readQuestion(body)
  } catch (thrown) {
    if (thrown instanceof RefusedError) return thrown
    throw thrown
  }
  throw new Error('the question was taken')
}

describe('a question', () => {
  it('is about a match or about two clubs', () => {
    expect(readQuestion({ match_id: 7 })).to.deep.equal({ match_id: 7 })
    const clubs = { home: ' Arsenal ', away: 'Chelsea', kickoff: '2026-12-01', competition: 'Premier League' }
    expect(readQuestion(clubs)).to.deep.equal({ ...clubs, home: 'Arsenal' })
    const moment = { home: 'Arsenal', away: 'Chelsea', kickoff: '2026-12-01T15:00:00+01:00' }
    expect(readQuestion(moment)).to.deep.equal(moment)
  })

  const refused: [string, unknown, string[]][] = [
    ['a number as text', { match_id: '7' }, ['match_id']],
    ['a fraction', { match_id: 7.5 }, ['match_id']],
    ['a number below 1', { match_id: 0 }, ['match_id']],
    ['an unknown field beside a match', { match_id: 7, colour: 'red' }, ['colour']],
    ['an unknown field beside clubs', { home: 'a', away: 'b', stage: 'x' }, ['stage']],
    ['no away club', { home: 'Arsenal' }, ['away']],
    ['an empty name', { home: ' ', away: 'Chelsea' }, ['home']],
    ['a very long name', { home: 'x'.repeat(121), away: 'Chelsea' }, ['home']],
    ['a kick-off without a zone', { home: 'a', away: 'b', kickoff: '2026-12-01T15:00:00' }, ['kickoff']],
    ['a kick-off that is no date', { home: 'a', away: 'b', kickoff: 'tomorrow' }, ['kickoff']],
    ['nothing', {}, ['home', 'away']],
  ]
  for (const [what, body, paths] of refused) {
    it(`is refused for ${what}, with the place`, () => {
      const error = refusal(body)
      expect(error).to.include({ status: 422, code: 'invalid_request' })
      expect((error.members['errors'] as { path: string }[]).map((fault) => fault.path)).to.deep.equal(paths)
    })
  }

  for (const body of [null, 7, 'text', [], undefined]) {
    it(`is refused when it is ${JSON.stringify(body)}`, () => {
      expect(refusal(body).message).to.contain('Send a JSON object')
    })
  }
})
