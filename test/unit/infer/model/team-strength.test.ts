import { expect } from 'chai'
import { parseDay, seasonOf } from '../../../../functions/infer/model/calendar.ts'
import { parametersOf, type StrengthParameters } from '../../../../functions/infer/model/parameters.ts'
import { learnMatch, startCountLevels } from '../../../../functions/infer/model/strength-steps.ts'
import { forecastRates, growVariance } from '../../../../functions/infer/model/team-strength.ts'

const parameters: StrengthParameters = {
  ...parametersOf('R'),
  goalWeight: 1,
  sharedStep: 0.5,
  levelRate: 0.01,
  homeRate: 0.02,
  oddsNoise: 0.1,
}

const startMeeting = () => ({
  home: { attack: 0, defence: 0, attackVariance: 0.04, defenceVariance: 0.08 },
  away: { attack: 0, defence: 0, attackVariance: 0.02, defenceVariance: 0.06 },
  level: { goals: 0, home: 0 },
})
const unknown = { shots: NaN, targets: NaN, corners: NaN }

describe('team-strength filter', () => {
  it('makes the step of a 3:0 that was worked out by hand', () => {
    // λ = 1 each. Home goals: e = 2, I = 1, P = 0.1, e/(1+IP) = 1.818182. Away goals: e = -1, P = 0.1, -0.909091.
    const meeting = startMeeting()
    const played = {
      home: { goals: 3, ...unknown },
      away: { goals: 0, ...unknown },
      implied: { home: NaN, away: NaN },
    }
    learnMatch(meeting, startCountLevels(), played, parameters)
    // Own steps 0.04·1.818182 and 0.08·0.909091, each plus half of the other.
    expect(meeting.home.attack).to.be.closeTo(0.1090909, 1e-7)
    expect(meeting.home.defence).to.be.closeTo(0.1090909, 1e-7)
    expect(meeting.away.attack).to.be.closeTo(-0.0727273, 1e-7)
    expect(meeting.away.defence).to.be.closeTo(-0.1181818, 1e-7)
    expect(meeting.home.attackVariance).to.be.closeTo(0.0385455, 1e-7)
    expect(meeting.home.defenceVariance).to.be.closeTo(0.0741818, 1e-7)
    expect(meeting.level.goals).to.be.closeTo(0.01, 1e-12)
    expect(meeting.level.home).to.be.closeTo(0.06, 1e-12)
  })

  it('moves towards the closing odds by the Kalman gain', () => {
    // P = 0.1, noise 0.1: gain 5 a unit of variance; home misses by 0.3, away by -0.1; goals weigh nothing.
    const meeting = startMeeting()
    const played = {
      home: { goals: 9, ...unknown },
      away: { goals: 9, ...unknown },
      implied: { home: 0.3, away: -0.1 },
    }
    learnMatch(meeting, startCountLevels(), played, {
      ...parameters,
      usesOdds: true,
      goalWeight: 0,
      sharedStep: 0,
    })
    expect(meeting.home.attack).to.be.closeTo(0.04 * 1.5, 1e-12)
    expect(meeting.away.defence).to.be.closeTo(-0.06 * 1.5, 1e-12)
    expect(meeting.away.attack).to.be.closeTo(-0.02 * 0.5, 1e-12)
    expect(meeting.home.attackVariance).to.be.closeTo(0.04 - 0.0016 * 5, 1e-12)
    expect(meeting.level.home).to.be.closeTo(0.02 * 0.4, 1e-12)
  })

  it('sees the home advantage and a gap between countries once each', () => {
    const meeting = { ...startMeeting(), level: { goals: 0.1, home: 0.4 } }
    const rates = forecastRates(meeting, 0.6)
    expect(rates.home).to.be.closeTo(0.6, 1e-12)
    expect(rates.away).to.be.closeTo(-0.4, 1e-12)
  })

  it('grows the variance with the rest, up to that of an unknown club', () => {
    const rules = { ...parameters, variancePerDay: 1e-4, variancePerSeason: 0.01, startVariance: 0.05 }
    expect(growVariance(0.01, 10, false, rules)).to.be.closeTo(0.011, 1e-12)
    expect(growVariance(0.01, 500, false, rules)).to.be.closeTo(0.025, 1e-12)
    expect(growVariance(0.01, 90, true, rules)).to.be.closeTo(0.023, 1e-12)
    expect(growVariance(0.049, 90, true, rules)).to.equal(0.05)
  })

  it('turns the season in July or in January', () => {
    const may = parseDay('2024-05-31') ?? NaN
    expect(seasonOf(may, true)).to.equal(2023)
    expect(seasonOf(may, false)).to.equal(2024)
    expect(seasonOf(may + 31, true)).to.equal(2024)
    expect(parseDay('2023-02-29')).to.equal(undefined)
    expect(parseDay('2024-2-9')).to.equal(undefined)
  })
})
