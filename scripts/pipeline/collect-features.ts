import { listFeatures, writeFeatures } from '../../functions/infer/model/features.ts'
import type { Mode } from '../../functions/infer/model/parameters.ts'
import type { RatingState } from '../../functions/infer/model/rating-state.ts'
import { type MatchTable, resultOf } from './match-table.ts'
import { walkMatches } from './walk-matches.ts'

/** Features of a run of matches, row after row, each made from earlier days only. */
export interface FeatureMatrix {
  readonly count: number
  readonly width: number
  /** `count` × `width`; NaN where unknown. */
  readonly values: Float32Array
  /** Row of each match in the match table, ascending. */
  readonly rows: Int32Array
  readonly days: Int32Array
  /** 0 home win, 1 draw, 2 away win. */
  readonly results: Uint8Array
}

/** Walks through all matches up to day `to`, keeping the features of those from day `from` on. */
export function collectFeatures(
  table: MatchTable,
  mode: Mode,
  from: number,
  to: number,
): { matrix: FeatureMatrix; state: RatingState } {
  const width = listFeatures(mode).length
  const rows = Int32Array.from([...table.days.keys()].filter((row) => isWithin(table.days[row], from, to)))
  const values = new Float32Array(rows.length * width)
  let at = 0
  const state = walkMatches(
    table,
    mode,
    (_row, fixture) => {
      if (fixture.day < from) return
      writeFeatures(mode, fixture, values, at * width)
      at += 1
    },
    to,
  )
  const matrix: FeatureMatrix = {
    count: rows.length,
    width,
    values,
    rows,
    days: rows.map((row) => table.days[row] ?? 0),
    results: Uint8Array.from(rows, (row) => resultOf(table, row)),
  }
  return { matrix, state }
}

function isWithin(day: number | undefined, from: number, to: number): boolean {
  return day !== undefined && day >= from && day <= to
}

/** The part of a matrix from day `from` to day `to`, sharing its memory. */
export function sliceMatrix(matrix: FeatureMatrix, from: number, to: number): FeatureMatrix {
  const start = matrix.days.findIndex((day) => day >= from)
  const first = start === -1 ? matrix.count : start
  const stop = matrix.days.findIndex((day) => day > to)
  const end = Math.max(first, stop === -1 ? matrix.count : stop)
  return {
    count: end - first,
    width: matrix.width,
    values: matrix.values.subarray(first * matrix.width, end * matrix.width),
    rows: matrix.rows.subarray(first, end),
    days: matrix.days.subarray(first, end),
    results: matrix.results.subarray(first, end),
  }
}
