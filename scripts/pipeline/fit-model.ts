import { formatDay, parseDay } from '../../functions/infer/model/calendar.ts'
import { listFeatures } from '../../functions/infer/model/features.ts'
import type { Mode } from '../../functions/infer/model/parameters.ts'
import { type FeatureMatrix, sliceMatrix } from './collect-features.ts'
import { DataLackError } from './data-file-error.ts'
import { type Anchor, fitWeights } from './fit-weights.ts'
import { type SoftmaxWeights, scoreMatrix } from './softmax-weights.ts'

/** First day whose match counts for the weights: by then every rating has had years to settle. */
export const fitFromDay = dayOf('2006-07-01')
/** Weights never see this day or a later one: the test period begins here, and stays clean in later seasons too. */
const fitEndDay = dayOf('2022-07-01')
/**
 * The temperature is found on four stretches of two years before the end of the fit, each scored with weights fitted on
 * the days before it. One stretch would not do: the last one is the season without crowds, unlike any other.
 */
const calibrationDays = 730
const calibrationStretches = 4
/** Fewer matches than this carry no weights, and no temperature. */
const leastMatches = 100

export interface FittedModel {
  readonly mode: Mode
  readonly weights: SoftmaxWeights
  readonly from: string
  readonly until: string
  readonly matches: number
}

/** Last day the weights may learn from when forecasts from day `from` on are to be judged. */
export function lastFitDay(from: number): number {
  return Math.min(from, fitEndDay) - 1
}

/**
 * Weights and temperature from the matches up to day `until`.
 * @throws DataLackError too few matches
 */
export function fitModel(matrix: FeatureMatrix, mode: Mode, until: number): FittedModel {
  const seen = sliceMatrix(matrix, fitFromDay, until)
  if (seen.count < leastMatches) {
    const period = `${formatDay(fitFromDay)} to ${formatDay(until)}`
    throw new DataLackError(`${seen.count} matches from ${period}: weights need at least ${leastMatches}`)
  }
  const anchor = findAnchor(mode)
  const temperature = findTemperature(seen, anchor, until)
  return {
    mode,
    weights: { ...fitWeights(seen, anchor), temperature },
    from: formatDay(seen.days[0] ?? fitFromDay),
    until: formatDay(seen.days[seen.count - 1] ?? until),
    matches: seen.count,
  }
}

/** The richest filter of the mode forecasts best alone. */
function findAnchor(mode: Mode): Anchor {
  const names = listFeatures(mode)
  const prefix = mode.toLowerCase()
  return { homeAt: names.indexOf(`${prefix}_home_draw`), awayAt: names.indexOf(`${prefix}_away_draw`) }
}

/** The divisor of the scores that suits matches later than those of the weights best; 1 where there are too few. */
function findTemperature(seen: FeatureMatrix, anchor: Anchor, until: number): number {
  const stretches = fitStretches(seen, anchor, until)
  if (stretches.length === 0) return 1
  const lossAt = (temperature: number) =>
    stretches.reduce(
      (sum, { later, weights }) => sum + sumLoss(later, scoreMatrix(later, { ...weights, temperature })),
      0,
    )
  // Golden section: the loss has one valley in the temperature.
  const golden = (Math.sqrt(5) - 1) / 2
  let [low, high] = [0.5, 2]
  let [left, right] = [high - golden * (high - low), low + golden * (high - low)]
  let [leftLoss, rightLoss] = [lossAt(left), lossAt(right)]
  for (let round = 0; round < 18; round++) {
    if (leftLoss < rightLoss) {
      ;[high, right, rightLoss] = [right, left, leftLoss]
      left = high - golden * (high - low)
      leftLoss = lossAt(left)
    } else {
      ;[low, left, leftLoss] = [left, right, rightLoss]
      right = low + golden * (high - low)
      rightLoss = lossAt(right)
    }
  }
  return Math.fround(Number(((low + high) / 2).toFixed(4)))
}

interface Stretch {
  readonly later: FeatureMatrix
  readonly weights: SoftmaxWeights
}

function fitStretches(seen: FeatureMatrix, anchor: Anchor, until: number): Stretch[] {
  const stretches: Stretch[] = []
  for (let back = calibrationStretches; back > 0; back--) {
    const split = until - back * calibrationDays
    const earlier = sliceMatrix(seen, fitFromDay, split)
    const later = sliceMatrix(seen, split + 1, split + calibrationDays)
    if (earlier.count < leastMatches || later.count < leastMatches) continue
    stretches.push({ later, weights: fitWeights(earlier, anchor) })
  }
  return stretches
}

function sumLoss({ results }: FeatureMatrix, chances: Float64Array): number {
  return results.reduce((sum, result, row) => sum - Math.log(chances[row * 3 + result] ?? NaN), 0)
}

function dayOf(date: string): number {
  const day = parseDay(date)
  if (day === undefined) throw new RangeError(`${date} is no date`)
  return day
}
