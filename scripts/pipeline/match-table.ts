/** Columns of statistics, one number a match, NaN where unknown. */
export interface StatisticColumns {
  readonly homeShots: Float32Array
  readonly awayShots: Float32Array
  readonly homeTargets: Float32Array
  readonly awayTargets: Float32Array
  readonly homeCorners: Float32Array
  readonly awayCorners: Float32Array
}

/** Decimal odds, one price a match, NaN where unknown. */
export interface OddsColumns {
  readonly home: Float64Array
  readonly draw: Float64Array
  readonly away: Float64Array
}

/** All matches, a column an array, ascending by day and id. */
export interface MatchTable {
  readonly count: number
  readonly ids: Int32Array
  /** Days since 1970-01-01. */
  readonly days: Int32Array
  /** Positions in `leagues` and `clubs`. */
  readonly leagueAt: Int32Array
  readonly homeAt: Int32Array
  readonly awayAt: Int32Array
  /** 1 where the season of the match is written with two years. */
  readonly spansTwoYears: Uint8Array
  readonly homeGoals: Uint8Array
  readonly awayGoals: Uint8Array
  readonly statistics: StatisticColumns
  /** Average closing odds: the yardstick. Never an input of the match's own forecast. */
  readonly closing: OddsColumns
  /** Best known odds of each match; ratings learn from them after the match. */
  readonly learnt: OddsColumns
  readonly leagues: readonly { division: string; country: string; tier: number }[]
  readonly clubs: readonly { country: string; name: string }[]
  /** Rows read from each file. */
  readonly rows: { readonly results: number; readonly statistics: number }
}

/** 0 home win, 1 draw, 2 away win. */
export function resultOf(table: MatchTable, row: number): 0 | 1 | 2 {
  const gap = (table.homeGoals[row] ?? 0) - (table.awayGoals[row] ?? 0)
  return gap > 0 ? 0 : gap === 0 ? 1 : 2
}
