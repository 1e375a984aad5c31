import type { FeatureMatrix } from './collect-features.ts'
import type { SoftmaxWeights } from './softmax-weights.ts'
import { factorise, solveFactorised } from './solve-linear.ts'

/** Where the filter's own log odds against the draw stand among the features. */
export interface Anchor {
  readonly homeAt: number
  readonly awayAt: number
}

/** Pull towards the filter's own forecast, in matches: the fit may only improve on the filter where the past insists. */
const ridge = 300
const rounds = 12
/** The Hessian of every sixteenth match is near enough: it only sets the step, the gradient sees every match. */
const hessianStride = 16

/**
 * Multinomial logistic regression that starts from, and is pulled towards, the forecast of the filter itself.
 * @throws RangeError fewer matches than can carry a fit
 */
export function fitWeights(matrix: FeatureMatrix, anchor: Anchor): SoftmaxWeights {
  const { means, scales } = standardise(matrix)
  const { count, width } = matrix
  const scaled = scaleFeatures(matrix, means, scales)
  const start = startAtFilter(width, anchor, means, scales)
  const current = Float64Array.from(start)
  const size = current.length
  const stride = Math.max(1, Math.min(hessianStride, Math.floor(count / 5000)))
  const hessian = sumHessian(scaled, current, matrix, stride)
  for (let at = 0; at < size; at++)
    hessian[at * size + at] = (hessian[at * size + at] ?? 0) + penaltyOf(at, width)
  factorise(hessian, size)
  for (let round = 0; round < rounds; round++) {
    const gradient = sumGradient(scaled, current, matrix)
    for (let at = 0; at < size; at++) {
      gradient[at] = (gradient[at] ?? 0) - penaltyOf(at, width) * ((current[at] ?? 0) - (start[at] ?? 0))
    }
    const step = solveFactorised(hessian, size, gradient)
    for (let at = 0; at < size; at++) current[at] = (current[at] ?? 0) + (step[at] ?? 0)
  }
  return {
    means,
    scales,
    home: Float32Array.from(current.subarray(0, width + 1)),
    away: Float32Array.from(current.subarray(width + 1)),
    temperature: 1,
  }
}

/** The constants are free; a thousandth keeps the matrix regular where a feature never varies. */
function penaltyOf(at: number, width: number): number {
  return at % (width + 1) === width ? 1e-3 : ridge
}

/** Mean and standard deviation of each feature over the matches where it is known. */
function standardise({ count, width, values }: FeatureMatrix): Pick<SoftmaxWeights, 'means' | 'scales'> {
  const means = new Float32Array(width)
  const scales = new Float32Array(width)
  for (let at = 0; at < width; at++) {
    let [known, sum, squares] = [0, 0, 0]
    for (let row = 0; row < count; row++) {
      const value = values[row * width + at] ?? NaN
      if (Number.isNaN(value)) continue
      known += 1
      sum += value
      squares += value * value
    }
    const mean = known > 0 ? sum / known : 0
    const variance = known > 0 ? squares / known - mean * mean : 0
    means[at] = mean
    scales[at] = variance > 1e-9 ? Math.sqrt(variance) : 1
  }
  return { means, scales }
}

/** Scaled features with a constant 1 behind each row; unknown becomes 0, the mean. */
function scaleFeatures(
  { count, width, values }: FeatureMatrix,
  means: Float32Array,
  scales: Float32Array,
): Float32Array {
  const scaled = new Float32Array(count * (width + 1))
  for (let row = 0; row < count; row++) {
    for (let at = 0; at < width; at++) {
      const value = values[row * width + at] ?? NaN
      const known = (value - (means[at] ?? 0)) / (scales[at] ?? 1)
      scaled[row * (width + 1) + at] = Number.isNaN(known) ? 0 : known
    }
    scaled[row * (width + 1) + width] = 1
  }
  return scaled
}

/** Weights that repeat the filter's forecast: its two log odds, unscaled, with weight 1. */
function startAtFilter(
  width: number,
  anchor: Anchor,
  means: Float32Array,
  scales: Float32Array,
): Float64Array {
  const start = new Float64Array(2 * (width + 1))
  for (const [offset, at] of [
    [0, anchor.homeAt],
    [width + 1, anchor.awayAt],
  ] as const) {
    start[offset + at] = scales[at] ?? 1
    start[offset + width] = means[at] ?? 0
  }
  return start
}

/** Chances of home and away win of one row at the current weights. */
function chancesOf(
  scaled: Float32Array,
  row: number,
  stretch: number,
  current: Float64Array,
): [number, number] {
  let [home, away] = [0, 0]
  for (let at = 0; at < stretch; at++) {
    const value = scaled[row * stretch + at] ?? 0
    home += value * (current[at] ?? 0)
    away += value * (current[stretch + at] ?? 0)
  }
  const [homeOdds, awayOdds] = [Math.exp(home), Math.exp(away)]
  const sum = homeOdds + 1 + awayOdds
  return [homeOdds / sum, awayOdds / sum]
}

function sumGradient(
  scaled: Float32Array,
  current: Float64Array,
  { count, width, results }: FeatureMatrix,
): Float64Array {
  const stretch = width + 1
  const gradient = new Float64Array(2 * stretch)
  for (let row = 0; row < count; row++) {
    const [home, away] = chancesOf(scaled, row, stretch, current)
    const homeMiss = (results[row] === 0 ? 1 : 0) - home
    const awayMiss = (results[row] === 2 ? 1 : 0) - away
    for (let at = 0; at < stretch; at++) {
      const value = scaled[row * stretch + at] ?? 0
      gradient[at] = (gradient[at] ?? 0) + homeMiss * value
      gradient[stretch + at] = (gradient[stretch + at] ?? 0) + awayMiss * value
    }
  }
  return gradient
}

/** Lower half of the negative Hessian of the log-likelihood, extrapolated from every `stride`-th match. */
function sumHessian(
  scaled: Float32Array,
  current: Float64Array,
  { count, width }: FeatureMatrix,
  stride: number,
): Float64Array {
  const stretch = width + 1
  const size = 2 * stretch
  const hessian = new Float64Array(size * size)
  for (let row = 0; row < count; row += stride) {
    const [home, away] = chancesOf(scaled, row, stretch, current)
    const [homeCurve, cross, awayCurve] = [
      home * (1 - home) * stride,
      -home * away * stride,
      away * (1 - away) * stride,
    ]
    for (let one = 0; one < stretch; one++) {
      const left = scaled[row * stretch + one] ?? 0
      for (let other = 0; other < stretch; other++) {
        const product = left * (scaled[row * stretch + other] ?? 0)
        const [upper, lower] = [one * size + other, (stretch + one) * size + other]
        if (other <= one) {
          hessian[upper] = (hessian[upper] ?? 0) + homeCurve * product
          hessian[lower + stretch] = (hessian[lower + stretch] ?? 0) + awayCurve * product
        }
        hessian[lower] = (hessian[lower] ?? 0) + cross * product
      }
    }
  }
  return hessian
}
