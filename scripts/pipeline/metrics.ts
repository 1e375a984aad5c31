/** How good a set of forecasts was. Means over matches; lower is better but for accuracy. */
export interface Metrics {
  readonly n: number
  readonly log_loss: number
  readonly rps: number
  readonly brier: number
  readonly accuracy: number
  readonly ece: number
}

const bins = 10
const leastChance = 1e-6

/**
 * Log-loss, ranked probability score, Brier score (0 to 2), accuracy and expected calibration error.
 * @param chances home, draw, away of each match: three a match
 * @param results 0 home win, 1 draw, 2 away win
 * @throws RangeError no match, or a chance that is no number from 0 to 1
 */
export function measure(chances: Float64Array, results: Uint8Array): Metrics {
  const n = results.length
  if (n === 0) throw new RangeError('there is no match to judge')
  const sums = { loss: 0, rps: 0, brier: 0, hits: 0 }
  for (const [row, result] of results.entries()) {
    const [home, draw, away] = [
      chances[row * 3] ?? NaN,
      chances[row * 3 + 1] ?? NaN,
      chances[row * 3 + 2] ?? NaN,
    ]
    if (!(Math.min(home, draw, away) >= 0 && Math.max(home, draw, away) <= 1)) {
      throw new RangeError(`match ${row} has no chances: ${home}, ${draw}, ${away}`)
    }
    const [homeCame, drawCame, awayCame] = [Number(result === 0), Number(result === 1), Number(result === 2)]
    sums.loss -= Math.log(Math.max(leastChance, chances[row * 3 + result] ?? 0))
    // Squared misses of the cumulated chances: "home", then "home or draw" = not away.
    sums.rps += ((home - homeCame) ** 2 + (home + draw - homeCame - drawCame) ** 2) / 2
    sums.brier += (home - homeCame) ** 2 + (draw - drawCame) ** 2 + (away - awayCame) ** 2
    const favourite = home >= draw && home >= away ? 0 : draw >= away ? 1 : 2
    sums.hits += Number(favourite === result)
  }
  return {
    n,
    log_loss: sums.loss / n,
    rps: sums.rps / n,
    brier: sums.brier / n,
    accuracy: sums.hits / n,
    ece: measureCalibration(chances, results),
  }
}

/** Per outcome ten bins of equal width: Σ share of the bin · |mean chance − frequency|; mean of the three outcomes. */
function measureCalibration(chances: Float64Array, results: Uint8Array): number {
  let total = 0
  for (let outcome = 0; outcome < 3; outcome++) {
    const surplus = new Float64Array(bins)
    for (const [row, result] of results.entries()) {
      const chance = chances[row * 3 + outcome] ?? 0
      const bin = Math.min(bins - 1, Math.floor(chance * bins))
      surplus[bin] = (surplus[bin] ?? 0) + chance - Number(result === outcome)
    }
    // Share · |mean − frequency| is |sum of misses| / n: the size of the bin cancels.
    total += surplus.reduce((sum, value) => sum + Math.abs(value), 0) / results.length
  }
  return total / 3
}
