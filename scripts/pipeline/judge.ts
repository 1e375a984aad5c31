import {
  type Outcome,
  removeMarginByPower,
  removeMarginByShin,
  removeMarginProportionally,
} from '../../functions/infer/model/fair-odds.ts'
import type { FeatureMatrix } from './collect-features.ts'
import type { MatchTable } from './match-table.ts'
import { type Metrics, measure } from './metrics.ts'

/** Figures of forecasts; beside them those of the bookmakers' closing line on the same matches. */
export interface Judgement {
  readonly all: Metrics
  /** The matches whose average closing odds are known; null where there is none. */
  readonly odds: {
    readonly model: Metrics
    readonly bookmakers: { readonly proportional: Metrics; readonly power: Metrics; readonly shin: Metrics }
  } | null
}

/**
 * @param chances home, draw, away of each match of the matrix
 * @throws RangeError no match
 */
export function judge(table: MatchTable, matrix: FeatureMatrix, chances: Float64Array): Judgement {
  const all = measure(chances, matrix.results)
  const priced = [...matrix.rows.keys()].filter(
    (at) => !Number.isNaN(table.closing.home[matrix.rows[at] ?? -1] ?? NaN),
  )
  if (priced.length === 0) return { all, odds: null }
  const results = Uint8Array.from(priced, (at) => matrix.results[at] ?? 0)
  const ofModel = Float64Array.from(priced.flatMap((at) => [...chances.subarray(at * 3, at * 3 + 3)]))
  const measureLine = (removeMargin: (home: number, draw: number, away: number) => Outcome) =>
    measure(
      Float64Array.from(priced.flatMap((at) => listFair(table, matrix.rows[at] ?? -1, removeMargin))),
      results,
    )
  return {
    all,
    odds: {
      model: measure(ofModel, results),
      bookmakers: {
        proportional: measureLine(removeMarginProportionally),
        power: measureLine(removeMarginByPower),
        shin: measureLine(removeMarginByShin),
      },
    },
  }
}

function listFair(
  { closing }: MatchTable,
  row: number,
  removeMargin: (home: number, draw: number, away: number) => Outcome,
): number[] {
  const fair = removeMargin(closing.home[row] ?? NaN, closing.draw[row] ?? NaN, closing.away[row] ?? NaN)
  return [fair.home, fair.draw, fair.away]
}
