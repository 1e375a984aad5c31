import { formatDay } from '../../functions/infer/model/calendar.ts'
import type { Mode } from '../../functions/infer/model/parameters.ts'
import { collectFeatures, type FeatureMatrix, sliceMatrix } from './collect-features.ts'
import { DataLackError } from './data-file-error.ts'
import { type FittedModel, fitFromDay, fitModel, lastFitDay } from './fit-model.ts'
import { type Judgement, judge } from './judge.ts'
import type { MatchTable } from './match-table.ts'
import { scoreMatrix } from './softmax-weights.ts'

/** Forecasts of a period, each made from earlier days only, and how good they were. */
export interface Evaluation extends Judgement {
  readonly model: FittedModel
  readonly matches: FeatureMatrix
  /** Home, draw, away of each match. */
  readonly chances: Float64Array
}

/**
 * Forecasts every match from day `from` to day `to`: ratings go on learning day by day, weights are fitted once before.
 * @throws DataLackError no match in the period, or too few before it
 */
export function evaluate(table: MatchTable, mode: Mode, from: number, to: number): Evaluation {
  const { matrix } = collectFeatures(table, mode, Math.min(fitFromDay, from), to)
  const matches = sliceMatrix(matrix, from, to)
  if (matches.count === 0) {
    const end = to === Infinity ? 'on' : `to ${formatDay(to)}`
    throw new DataLackError(`there is no match from ${formatDay(from)} ${end}`)
  }
  const model = fitModel(matrix, mode, lastFitDay(from))
  const chances = scoreMatrix(matches, model.weights)
  return { model, matches, chances, ...judge(table, matches, chances) }
}
