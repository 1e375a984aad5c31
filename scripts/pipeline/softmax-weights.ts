import type { FeatureMatrix } from './collect-features.ts'

/**
 * Everything the graph computes with: fill unknown features with their mean, scale, two linear scores against the draw,
 * divide by the temperature, softmax. All numbers are float32 values, as the graph holds them.
 */
export interface SoftmaxWeights {
  readonly means: Float32Array
  readonly scales: Float32Array
  /** Weights of the scaled features, then the constant. */
  readonly home: Float32Array
  readonly away: Float32Array
  readonly temperature: number
}

/** Chances of home win, draw, away win of each match: `count` × 3. */
export function scoreMatrix(matrix: FeatureMatrix, weights: SoftmaxWeights): Float64Array {
  const { count, width, values } = matrix
  const chances = new Float64Array(count * 3)
  const { means, scales, home, away, temperature } = weights
  for (let row = 0; row < count; row++) {
    let homeScore = home[width] ?? 0
    let awayScore = away[width] ?? 0
    for (let at = 0; at < width; at++) {
      const value = values[row * width + at] ?? NaN
      if (Number.isNaN(value)) continue
      const scaled = (value - (means[at] ?? 0)) / (scales[at] ?? 1)
      homeScore += scaled * (home[at] ?? 0)
      awayScore += scaled * (away[at] ?? 0)
    }
    const homeOdds = Math.exp(homeScore / temperature)
    const awayOdds = Math.exp(awayScore / temperature)
    const sum = homeOdds + 1 + awayOdds
    chances[row * 3] = homeOdds / sum
    chances[row * 3 + 1] = 1 / sum
    chances[row * 3 + 2] = awayOdds / sum
  }
  return chances
}
