import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { z } from 'zod'
import { countOfNew, newQuestions, storedQuestions } from '../../../scripts/bench/questions.ts'

const today = new Date('2026-11-23T18:00:00Z')
const question = z.strictObject({ home: z.string(), away: z.string(), kickoff: z.iso.date() })
const states = new URL('../../../models/champion/states.json', import.meta.url)

describe('questions of bench', () => {
  it('are never the same twice, and none is one of those asked again and again', () => {
    const all = [...newQuestions(countOfNew - 50_000, 100_000, today), ...storedQuestions(today)]
    expect(new Set(all).size).to.equal(100_064)
  })

  it('begin again only after all have been asked', () => {
    expect(countOfNew).to.equal(72 * 71 * 360 - 64)
    expect(newQuestions(countOfNew, 1, today)).to.deep.equal(newQuestions(0, 1, today))
  })

  it('are about clubs of the shipped model, no club against itself, from tomorrow to a year from now', () => {
    const { clubs } = z
      .object({ clubs: z.array(z.object({ id: z.string() })) })
      .parse(JSON.parse(readFileSync(states, 'utf8')))
    const known = new Set(clubs.map(({ id }) => id))
    const asked = newQuestions(0, 20_000, today).map((body) => question.parse(JSON.parse(body)))
    const named = new Set(asked.flatMap(({ home, away }) => [home, away]))
    expect([...named].filter((id) => !known.has(id))).to.deep.equal([])
    expect(named.size).to.equal(72)
    expect(asked.filter(({ home, away }) => home === away)).to.deep.equal([])
    const days = asked.map(({ kickoff }) => kickoff).toSorted()
    expect([days[0], days.at(-1)]).to.deep.equal(['2026-11-24', '2027-11-18'])
  })
})
