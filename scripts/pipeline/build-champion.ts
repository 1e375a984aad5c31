import { createHash } from 'node:crypto'
import { formatDay, parseDay } from '../../functions/infer/model/calendar.ts'
import { listFeatures } from '../../functions/infer/model/features.ts'
import { type Manifest, manifestSchema } from '../../functions/infer/model/manifest.ts'
import type { Mode } from '../../functions/infer/model/parameters.ts'
import { createScorer } from '../../functions/infer/model/scorer.ts'
import { captureStates, statesSchema } from '../../functions/infer/model/states.ts'
import { collectFeatures, type FeatureMatrix, sliceMatrix } from './collect-features.ts'
import { DataLackError } from './data-file-error.ts'
import { fitFromDay, fitModel } from './fit-model.ts'
import { judge } from './judge.ts'
import { labelClubs, type Words } from './label-clubs.ts'
import type { MatchTable } from './match-table.ts'
import { roundMetrics } from './report.ts'
import { listSources } from './sources.ts'
import { writeOnnx } from './write-onnx.ts'

/** Odds of earlier matches bring the most, and the champion is trained where they are at hand. */
const mode: Mode = 'RSO'
const testFrom = '2022-07-01'

/** The three files of a model, ready to be written. */
export interface ChampionFiles {
  readonly 'model.onnx': Uint8Array
  readonly 'manifest.json': Uint8Array
  readonly 'states.json': Uint8Array
}

/**
 * Fits the weights on the matches before the test period, lets the ratings learn to the last day, and judges the written
 * graph itself. The same data give the same bytes.
 * @throws DataLackError too few matches
 * @throws DataFileError words that do not fit the data
 */
export async function buildChampion(table: MatchTable, words: Words): Promise<ChampionFiles> {
  const labels = labelClubs(table, words)
  const lastDay = table.days[table.count - 1]
  const testDay = parseDay(testFrom)
  if (lastDay === undefined || testDay === undefined) throw new DataLackError('there is no match')
  const { matrix, state } = collectFeatures(table, mode, fitFromDay, lastDay)
  const model = fitModel(matrix, mode, testDay - 1)
  const onnx = writeOnnx(model.weights)
  const states = encodeJson(statesSchema.parse(captureStates(state, lastDay, labels)))
  const test = await judgeGraph(table, sliceMatrix(matrix, testDay, lastDay), onnx)
  const manifest: Manifest = {
    format: 1,
    name: 'soccer-match-outcome',
    version: nameVersion(lastDay, onnx, states),
    mode,
    features: [...listFeatures(mode)],
    outputs: ['home', 'draw', 'away'],
    weights_fitted: { from: model.from, until: model.until, matches: model.matches },
    temperature: Number(model.weights.temperature.toFixed(4)),
    ratings_until: formatDay(lastDay),
    test,
    sources: listSources(table),
    files: { 'model.onnx': describe(onnx), 'states.json': describe(states) },
  }
  return {
    'model.onnx': onnx,
    'manifest.json': encodeJson(manifestSchema.parse(manifest), 2),
    'states.json': states,
  }
}

/** Figures of exactly the bytes that ship; null where the data end before the test period or have no odds in it. */
async function judgeGraph(
  table: MatchTable,
  matches: FeatureMatrix,
  onnx: Uint8Array,
): Promise<Manifest['test']> {
  if (matches.count === 0) return null
  const chances = await scoreAll(onnx, matches)
  const { all, odds } = judge(table, matches, chances)
  if (!odds) return null
  return {
    from: formatDay(matches.days[0] ?? 0),
    until: formatDay(matches.days[matches.count - 1] ?? 0),
    all: roundMetrics(all),
    with_closing_odds: {
      model: roundMetrics(odds.model),
      closing_line_proportional: roundMetrics(odds.bookmakers.proportional),
      closing_line_power: roundMetrics(odds.bookmakers.power),
      closing_line_shin: roundMetrics(odds.bookmakers.shin),
    },
  }
}

/** Chances as serving gives them: float32 from the graph, made to sum to 1 in float64. */
async function scoreAll(onnx: Uint8Array, { values, count }: FeatureMatrix): Promise<Float64Array> {
  const scorer = await createScorer(onnx)
  try {
    const chances = Float64Array.from(await scorer.score(values, count))
    for (let at = 0; at < chances.length; at += 3) {
      const row = chances.subarray(at, at + 3)
      const sum = row.reduce((total, chance) => total + chance, 0)
      row.forEach((chance, outcome) => {
        row[outcome] = chance / sum
      })
    }
    return chances
  } finally {
    await scorer.close()
  }
}

/** The last day of football inside, and eight digits of what the files hold: the same content, the same name. */
function nameVersion(lastDay: number, onnx: Uint8Array, states: Uint8Array): string {
  const digest = createHash('sha256').update(onnx).update(states).digest('hex')
  return `${formatDay(lastDay).replaceAll('-', '.')}-${digest.slice(0, 8)}`
}

function describe(bytes: Uint8Array): { bytes: number; sha256: string } {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
}

function encodeJson(content: unknown, indent = 0): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(content, null, indent)}\n`)
}
