import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { ModelFileError, UnknownClubError } from '../../../../functions/infer/model/model-errors.ts'
import { type ModelFiles, openModel } from '../../../../functions/infer/model/open-model.ts'

const folder = new URL('../../../../models/champion/', import.meta.url)
const kickoff = new Date('2024-08-17T14:00:00Z')

async function readChampion(): Promise<ModelFiles> {
  return {
    manifest: await readFile(new URL('manifest.json', folder)),
    onnx: await readFile(new URL('model.onnx', folder)),
    states: await readFile(new URL('states.json', folder)),
  }
}

async function failureOf(files: ModelFiles): Promise<ModelFileError> {
  try {
    await (await openModel(files)).close()
  } catch (error) {
    if (error instanceof ModelFileError) return error
    throw error
  }
  throw new Error('the model should not have opened')
}

describe('the shipped champion', () => {
  const predict = async (homeId: string, awayId: string, at = kickoff) => {
    const model = await openModel(await readChampion())
    const [outcome] = await model.predict([{ homeId, awayId, kickoff: at }]).finally(() => void model.close())
    if (!outcome) throw new Error('no answer')
    return outcome
  }

  it('gives chances that sum to 1', async () => {
    const { home, draw, away } = await predict('england.arsenal', 'england.chelsea')
    expect(home + draw + away).to.be.closeTo(1, 1e-12)
    expect(Math.min(home, draw, away)).to.be.greaterThan(0)
  })

  it('knows who is stronger, at home and abroad', async () => {
    expect((await predict('england.man-city', 'england.luton')).home).to.be.greaterThan(0.7)
    expect((await predict('finland.hjk', 'spain.real-madrid')).away).to.be.greaterThan(0.6)
    expect((await predict('england.bromley', 'england.man-city')).away).to.be.greaterThan(0.8)
  })

  it('answers for kick-offs before its ratings end, and years after', async () => {
    for (const date of ['1990-01-01', '2024-06-28', '2026-11-28', '2099-12-31']) {
      const { home } = await predict('england.arsenal', 'england.chelsea', new Date(date))
      expect(home, date).to.be.within(0.3, 0.9)
    }
  })

  it('answers for every club there is', async () => {
    const model = await openModel(await readChampion())
    const pairs = model.clubs.map(({ id }, at) => ({
      homeId: id,
      awayId: model.clubs.at(at - 1)?.id ?? '',
      kickoff,
    }))
    const outcomes = await model.predict(pairs)
    await model.close()
    expect(outcomes).to.have.length(model.clubs.length)
    expect(outcomes.every(({ home, draw, away }) => home > 0 && draw > 0 && away > 0)).to.equal(true)
    expect(await model.predict([])).to.deep.equal([])
  })

  it('tells clubs, leagues and the end of its ratings', async () => {
    const model = await openModel(await readChampion())
    await model.close()
    expect(model.ratingsUntil.toISOString()).to.equal('2024-06-28T00:00:00.000Z')
    const club = model.clubs.find(({ id }) => id === 'england.arsenal')
    expect(club).to.deep.include({
      name: 'Arsenal',
      country: 'England',
      division: 'E0',
      competition: 'Premier League',
    })
  })

  it('refuses a club it does not know', async () => {
    const model = await openModel(await readChampion())
    const failure = await model
      .predict([{ homeId: 'nowhere.nobody', awayId: 'england.arsenal', kickoff }])
      .catch((error: unknown) => error)
    await model.close()
    expect(failure).to.be.instanceOf(UnknownClubError).with.property('id', 'nowhere.nobody')
  })
})

describe('opening a model', () => {
  const withStates = (files: ModelFiles, states: Buffer): ModelFiles => {
    const manifest = JSON.parse(files.manifest.toString())
    manifest.files['states.json'].sha256 = createHash('sha256').update(states).digest('hex')
    return { ...files, manifest: Buffer.from(JSON.stringify(manifest)), states }
  }

  it('names the file that is not the one of the manifest', async () => {
    const files = await readChampion()
    const onnx = Buffer.from(files.onnx)
    onnx[40] = (onnx[40] ?? 0) ^ 1
    expect(await failureOf({ ...files, onnx })).to.have.property('file', 'model.onnx')
    expect((await failureOf({ ...files, states: Buffer.from('{}') })).message).to.match(
      /states.json: has sha256 44136fa3/,
    )
  })

  it('names a manifest that is none', async () => {
    const files = await readChampion()
    expect((await failureOf({ ...files, manifest: Buffer.from('{') })).message).to.equal(
      'model file manifest.json: is no JSON',
    )
    expect((await failureOf({ ...files, manifest: Buffer.from('{}') })).message).to.include('format')
  })

  it('refuses features it does not compute', async () => {
    const files = await readChampion()
    const text = files.manifest.toString().replace('"tier"', '"moon_phase"')
    expect((await failureOf({ ...files, manifest: Buffer.from(text) })).message).to.include('other features')
  })

  it('refuses states that do not hold together', async () => {
    const files = await readChampion()
    const states = JSON.parse(files.states.toString())
    states.clubs[0].strengths.pop()
    const failure = await failureOf(withStates(files, Buffer.from(JSON.stringify(states))))
    expect(failure.message).to.match(/states.json: club .* has not 3 strengths/)
  })
})
