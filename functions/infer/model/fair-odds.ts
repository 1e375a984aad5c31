/** Chances of home win, draw and away win; they sum to 1. */
export interface Outcome {
  readonly home: number
  readonly draw: number
  readonly away: number
}

/** The three decimal odds are plausible prices of one match: each above 1, the margin within what bookmakers take. */
export function arePlausibleOdds(home: number, draw: number, away: number): boolean {
  if (!(home > 1 && draw > 1 && away > 1)) return false
  const book = 1 / home + 1 / draw + 1 / away
  return book > 0.9 && book < 1.5
}

/** Decimal odds without the margin, the margin spread in proportion to 1/odds. */
export function removeMarginProportionally(home: number, draw: number, away: number): Outcome {
  const book = 1 / home + 1 / draw + 1 / away
  return { home: 1 / home / book, draw: 1 / draw / book, away: 1 / away / book }
}

/** Decimal odds without the margin: p = (1/odds)^k with k so that the three sum to 1. Longshots carry more margin. */
export function removeMarginByPower(home: number, draw: number, away: number): Outcome {
  const [logHome, logDraw, logAway] = [-Math.log(home), -Math.log(draw), -Math.log(away)]
  let exponent = 1
  for (let round = 0; round < 30; round++) {
    const pHome = Math.exp(exponent * logHome)
    const pDraw = Math.exp(exponent * logDraw)
    const pAway = Math.exp(exponent * logAway)
    // Newton on ln(sum): nearly linear in the exponent, so a handful of rounds reach machine precision.
    const sum = pHome + pDraw + pAway
    const step = (sum * Math.log(sum)) / (pHome * logHome + pDraw * logDraw + pAway * logAway)
    exponent -= step
    if (Math.abs(step) < 1e-13) break
  }
  return normalise(Math.exp(exponent * logHome), Math.exp(exponent * logDraw), Math.exp(exponent * logAway))
}

/**
 * Decimal odds without the margin after Shin (1993): p = (√(z² + 4(1−z)·π²/Σπ) − z) / (2(1−z)), π = 1/odds,
 * with the share z of insiders so that the three sum to 1.
 */
export function removeMarginByShin(home: number, draw: number, away: number): Outcome {
  const raw = [1 / home, 1 / draw, 1 / away]
  const book = raw.reduce((sum, value) => sum + value, 0)
  const atShare = (z: number) =>
    raw.map((value) => (Math.sqrt(z * z + (4 * (1 - z) * value * value) / book) - z) / (2 * (1 - z)))
  let [low, high] = [0, 0.5]
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2
    if (atShare(middle).reduce((sum, value) => sum + value, 0) > 1) low = middle
    else high = middle
  }
  const [pHome = 0, pDraw = 0, pAway = 0] = atShare((low + high) / 2)
  return normalise(pHome, pDraw, pAway)
}

function normalise(home: number, draw: number, away: number): Outcome {
  const sum = home + draw + away
  return { home: home / sum, draw: draw / sum, away: away / sum }
}
