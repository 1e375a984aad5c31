// @ts-check

/** @import { Answer } from './api.js' */

const LANGUAGE = 'en-GB'
const DAY_S = 86_400

/**
 * Largest remainder: independent rounding may show 99 or 101 in all, and a reader would rightly stop trusting the rest.
 *
 * @param {number[]} shares that sum to about 1
 * @returns {number[]} whole numbers that sum to 100
 */
export function toPercentages(shares) {
  const total = shares.reduce((sum, share) => sum + share, 0)
  const exact = shares.map((share) => (share / total) * 100)
  const whole = exact.map(Math.floor)
  const missing = 100 - whole.reduce((sum, percent) => sum + percent, 0)
  const byRemainder = exact
    .map((percent, index) => ({ index, remainder: percent - Math.floor(percent) }))
    .sort((a, b) => b.remainder - a.remainder)
  for (const { index } of byRemainder.slice(0, missing)) whole[index] = (whole[index] ?? 0) + 1
  return whole
}

/** @param {number} share */
function inTen(share) {
  if (share > 0.95) return 'more than 9 in 10'
  return `about ${Math.round(share * 10)} in 10`
}

/** @param {Answer} answer */
export function toSentence({ match, probabilities }) {
  const { home, draw, away } = probabilities
  const outcomes = [
    {
      share: home,
      is: `${match.home.name} win ${inTen(home)} such matches.`,
      as: `a ${match.home.name} win`,
    },
    { share: draw, is: `${capitalise(inTen(draw))} such matches end in a draw.`, as: 'a draw' },
    {
      share: away,
      is: `${match.away.name} win ${inTen(away)} such matches.`,
      as: `a ${match.away.name} win`,
    },
  ].sort((a, b) => b.share - a.share)
  const [first, second, third] = outcomes
  if (!first || !second || !third) return ''
  const near = second.share - third.share < 0.02
  const rest = near
    ? `Otherwise ${second.as} and ${third.as} are about equally likely.`
    : `Otherwise ${second.as} is more likely than ${third.as}.`
  return `${first.is} ${rest}`
}

/** @param {string} text */
function capitalise(text) {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/**
 * @param {number} count
 * @param {string} unit
 */
function counted(count, unit) {
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** @param {number} seconds */
export function toAge(seconds) {
  if (seconds < 3600) return 'less than an hour'
  if (seconds < 2 * DAY_S) return counted(Math.floor(seconds / 3600), 'hour')
  if (seconds < 60 * DAY_S) return counted(Math.floor(seconds / DAY_S), 'day')
  const months = Math.floor(seconds / (30.44 * DAY_S))
  if (months < 24) return counted(months, 'month')
  const rest = months % 12
  return `${counted(Math.floor(months / 12), 'year')}${rest ? ` and ${counted(rest, 'month')}` : ''}`
}

/**
 * The day in UTC, where the service's own days end: a local date would move 23:59:59 to the next day east of Greenwich.
 *
 * @param {string} instant
 */
export function toDay(instant) {
  return format(instant, { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })
}

/** @param {string} instant */
export function toLocalDay(instant) {
  return format(instant, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
}

/** @param {string} instant */
export function toLocalTime(instant) {
  return format(instant, { hour: '2-digit', minute: '2-digit' })
}

/** @param {string} instant */
export function toLocalMoment(instant) {
  return `${toLocalDay(instant)}, ${toLocalTime(instant)}`
}

export function localZone() {
  return new Intl.DateTimeFormat(LANGUAGE).resolvedOptions().timeZone.replaceAll('_', ' ')
}

/**
 * @param {string} instant
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(instant, options) {
  const date = new Date(instant)
  return Number.isNaN(date.getTime()) ? instant : new Intl.DateTimeFormat(LANGUAGE, options).format(date)
}

/**
 * Lower case without accents, so that "atletico" finds "Atlético".
 *
 * @param {string} text
 */
export function toSearchable(text) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
