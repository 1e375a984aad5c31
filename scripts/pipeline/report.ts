import { formatDay } from '../../functions/infer/model/calendar.ts'
import type { Mode } from '../../functions/infer/model/parameters.ts'
import type { Evaluation } from './evaluate.ts'
import type { Metrics } from './metrics.ts'

/** What `evaluate --json` prints. */
interface Report {
  readonly mode: Mode
  readonly from: string
  readonly to: string
  readonly weights_fitted: { readonly from: string; readonly until: string; readonly matches: number }
  readonly temperature: number
  readonly all: Metrics
  /** Matches with known average closing odds, and the bookmakers on the same; null where there is none. */
  readonly odds: Metrics | null
  readonly bookmakers: {
    readonly proportional: Metrics
    readonly power: Metrics
    readonly shin: Metrics
  } | null
}

export function buildReport({ model, matches, all, odds }: Evaluation): Report {
  return {
    mode: model.mode,
    from: formatDay(matches.days[0] ?? 0),
    to: formatDay(matches.days[matches.count - 1] ?? 0),
    weights_fitted: { from: model.from, until: model.until, matches: model.matches },
    temperature: Number(model.weights.temperature.toFixed(4)),
    all: roundMetrics(all),
    odds: odds ? roundMetrics(odds.model) : null,
    bookmakers: odds
      ? {
          proportional: roundMetrics(odds.bookmakers.proportional),
          power: roundMetrics(odds.bookmakers.power),
          shin: roundMetrics(odds.bookmakers.shin),
        }
      : null,
  }
}

/** Five decimals: an order below the noise of any of them. */
export function roundMetrics({ n, log_loss, rps, brier, accuracy, ece }: Metrics): Metrics {
  const round = (value: number) => Number(value.toFixed(5))
  return {
    n,
    log_loss: round(log_loss),
    rps: round(rps),
    brier: round(brier),
    accuracy: round(accuracy),
    ece: round(ece),
  }
}

/** The report as a table for a terminal. */
export function formatReport(report: Report): string {
  const rows: [string, Metrics | null | undefined][] = [
    ['all: model', report.all],
    ['odds: model', report.odds],
    ['odds: closing line, proportional', report.bookmakers?.proportional],
    ['odds: closing line, Shin', report.bookmakers?.shin],
    ['odds: closing line, power', report.bookmakers?.power],
  ]
  const { weights_fitted: fitted } = report
  return [
    `mode ${report.mode}, matches of ${report.from} to ${report.to}`,
    `weights fitted on ${fitted.matches} matches of ${fitted.from} to ${fitted.until}, temperature ${report.temperature}`,
    '',
    `${'subset: forecaster'.padEnd(34)}${'n'.padStart(7)}  log-loss     RPS   Brier  accuracy     ECE`,
    ...rows.flatMap(([name, metrics]) => (metrics ? [formatRow(name, metrics)] : [])),
    '',
  ].join('\n')
}

function formatRow(name: string, { n, log_loss, rps, brier, accuracy, ece }: Metrics): string {
  const cells = [log_loss.toFixed(4), rps.toFixed(4), brier.toFixed(4), accuracy.toFixed(4), ece.toFixed(4)]
  const [loss = '', ...rest] = cells
  const widths = [8, 8, 10, 8]
  const tail = rest.map((cell, at) => cell.padStart(widths[at] ?? 8)).join('')
  return `${name.padEnd(34)}${String(n).padStart(7)}  ${loss.padStart(8)}${tail}`
}

/** One line a match: id and the three chances. */
export function formatPredictions(ids: Int32Array, { matches, chances }: Evaluation): string {
  const lines = Array.from(matches.rows, (row, at) => {
    const [home = NaN, draw = NaN, away = NaN] = chances.subarray(at * 3, at * 3 + 3)
    // Nine decimals: three of them sum to 1 within 2e-9.
    return `${ids[row]},${home.toFixed(9)},${draw.toFixed(9)},${away.toFixed(9)}`
  })
  return ['id,home,draw,away', ...lines, ''].join('\n')
}
