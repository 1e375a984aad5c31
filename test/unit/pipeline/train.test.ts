import { access, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseDay } from '../../../functions/infer/model/calendar.ts'
import { listFeatures, writeFeatures } from '../../../functions/infer/model/features.ts'
import { manifestSchema } from '../../../functions/infer/model/manifest.ts'
import { openModel } from '../../../functions/infer/model/open-model.ts'
import { captureStates, restoreStates, statesSchema } from '../../../functions/infer/model/states.ts'
import { buildChampion, type ChampionFiles } from '../../../scripts/pipeline/build-champion.ts'
import { collectFeatures } from '../../../scripts/pipeline/collect-features.ts'
import { evaluate } from '../../../scripts/pipeline/evaluate.ts'
import { labelClubs, type Words } from '../../../scripts/pipeline/label-clubs.ts'
import { readMatches } from '../../../scripts/pipeline/read-matches.ts'
import { storeChampion } from '../../../scripts/pipeline/store-champion.ts'
import { inventMatches, writeFolder } from './invented-league.ts'

const dayOf = (date: string) => parseDay(date) ?? NaN
const seasons = inventMatches(2012, 2023)
const words: Words = {
  aliases: { Nowhere: { 'Club A1': ['Alpha'] } },
  merged: {},
  leagueNames: { N1: 'First' },
  countryLevels: {},
}

const open = async (files: ChampionFiles) =>
  openModel({
    manifest: Buffer.from(files['manifest.json']),
    onnx: Buffer.from(files['model.onnx']),
    states: Buffer.from(files['states.json']),
  })

describe('train', () => {
  it('writes the same bytes from the same data', async () => {
    const build = async () =>
      buildChampion(await readMatches(await writeFolder(seasons), 'required', {}), words)
    const [one, other] = [await build(), await build()]
    expect(Object.keys(one)).to.deep.equal(['model.onnx', 'manifest.json', 'states.json'])
    for (const name of ['model.onnx', 'manifest.json', 'states.json'] as const) {
      expect(Buffer.from(one[name]).equals(Buffer.from(other[name])), name).to.equal(true)
    }
    const manifest = manifestSchema.parse(JSON.parse(Buffer.from(one['manifest.json']).toString()))
    expect(manifest.weights_fitted.until < '2022-07-01').to.equal(true)
    expect(manifest.test?.all.n).to.equal(2 * 8 * 14)
    expect(manifest.version).to.match(/^2024\.03\.\d\d-/)
  })

  it('serves what the walk through the past forecasts of the next match day', async () => {
    const past = seasons.filter(({ date }) => date < '2023-07-01')
    const files = await buildChampion(await readMatches(await writeFolder(past), 'required', {}), words)
    const table = await readMatches(await writeFolder(seasons), 'required', {})
    const nextDay = dayOf('2023-08-05')
    const { chances, matches } = evaluate(table, 'RSO', nextDay, nextDay)
    const model = await open(files)
    const id = (at: number) => `nowhere.${table.clubs[at]?.name.toLowerCase().replace(' ', '-')}`
    const served = await model.predict(
      Array.from(matches.rows, (row) => ({
        homeId: id(table.homeAt[row] ?? -1),
        awayId: id(table.awayAt[row] ?? -1),
        kickoff: new Date('2023-08-05T19:45:00Z'),
        division: table.leagues[table.leagueAt[row] ?? -1]?.division ?? '',
      })),
    )
    await model.close()
    expect(served).to.have.length(8)
    // The weights of both were fitted before July 2022, so only the float32 graph lies between them.
    for (const [at, { home, draw, away }] of served.entries()) {
      expect(home).to.be.closeTo(chances[at * 3] ?? NaN, 1e-6)
      expect(away).to.be.closeTo(chances[at * 3 + 2] ?? NaN, 1e-6)
      expect(home + draw + away).to.be.closeTo(1, 1e-12)
    }
  })

  it('restores every feature from a written snapshot', async () => {
    const table = await readMatches(await writeFolder(seasons), 'required', {})
    const { state } = collectFeatures(table, 'RSO', 0, dayOf('2022-12-01'))
    const written = JSON.stringify(captureStates(state, dayOf('2022-12-01'), labelClubs(table, words)))
    const restored = restoreStates(statesSchema.parse(JSON.parse(written)))
    const width = listFeatures('RSO').length
    const rows = [state, restored].map(({ clubs, leagues }) => {
      const [home, away, league] = [clubs[3], clubs[11], leagues.get('N1')]
      if (!home || !away || !league) throw new Error('the invented league has lost a club')
      const row = new Float32Array(width)
      writeFeatures('RSO', { home, away, league, day: dayOf('2022-12-08') }, row, 0)
      return row
    })
    for (let at = 0; at < width; at++) expect(rows[1]?.[at]).to.be.closeTo(rows[0]?.[at] ?? NaN, 1e-6)
  })

  it('refuses an alias of a club the data do not have', async () => {
    const table = await readMatches(await writeFolder(seasons), 'required', {})
    const wrong = { ...words, aliases: { Nowhere: { 'Club Z9': ['Zed'] } } }
    expect(() => labelClubs(table, wrong)).to.throw(
      'club-aliases.json: the data have no club Club Z9 in Nowhere',
    )
  })

  it('replaces the old champion as a whole', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'champion-'))
    const files = { 'model.onnx': Buffer.of(1), 'manifest.json': Buffer.of(2), 'states.json': Buffer.of(3) }
    const folder = join(parent, 'models', 'champion')
    await storeChampion(folder, files)
    await writeFile(join(folder, 'stale.txt'), '')
    await storeChampion(folder, { ...files, 'model.onnx': Buffer.of(9) })
    expect(await readdir(folder)).to.have.members(['model.onnx', 'manifest.json', 'states.json'])
    expect([...(await readFile(join(folder, 'model.onnx')))]).to.deep.equal([9])
    expect(await readdir(join(parent, 'models'))).to.deep.equal(['champion'])
    await access(folder)
  })
})
