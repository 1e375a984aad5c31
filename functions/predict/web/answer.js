// @ts-check

import { element } from './element.js'
import { toAge, toDay, toLocalMoment, toPercentages, toSentence } from './words.js'

/** @import { Answer, MissingPlayer, MissingPlayers } from './api.js' */

const ORIGINS = {
  computed: 'computed just now',
  stored: 'stored from an earlier question',
  hit: 'stored from an earlier question',
}

/**
 * @param {Answer} answer
 * @returns {HTMLElement[]}
 */
export function toAnswer(answer) {
  const { match, stale } = answer
  return [
    element('p', { class: 'when' }, toOccasion(answer)),
    element('h2', {}, `${match.home.name} – ${match.away.name}`),
    element('p', { class: 'sentence' }, toSentence(answer)),
    ...toOutcomes(answer),
    ...(stale ? [toStaleNotice(answer)] : []),
    ...toMissing(answer),
    element('h3', {}, 'What this rests on'),
    toBasis(answer),
    element('p', { class: 'fine' }, `Request ${answer.request_id}`),
  ]
}

/** @param {Answer} answer */
export function toSummary({ match, probabilities }) {
  const [home, draw, away] = toPercentages([probabilities.home, probabilities.draw, probabilities.away])
  return `${match.home.name} win ${home}%, draw ${draw}%, ${match.away.name} win ${away}%`
}

/**
 * Without a fixture behind it the kick-off is only the day the question was about, so it is not shown as an appointment.
 *
 * @param {Answer} answer
 */
function toOccasion({ match }) {
  const { kickoff, match_id: matchId, competition } = match
  const when = kickoff && (matchId === null ? `as if played on ${toDay(kickoff)}` : toLocalMoment(kickoff))
  return [competition, when].filter(Boolean).join(' · ')
}

/** @param {Answer} answer */
function toOutcomes(answer) {
  const { match, probabilities } = answer
  const percentages = toPercentages([probabilities.home, probabilities.draw, probabilities.away])
  const labels = [`${match.home.name} win`, 'Draw', `${match.away.name} win`]
  const kinds = ['home', 'draw', 'away']
  const figures = element('dl', { class: 'outcomes' })
  const bar = element('div', { class: 'bar', role: 'img', 'aria-label': toSummary(answer) })
  for (const [index, kind] of kinds.entries()) {
    const percent = `${percentages[index]}%`
    const label = element('dt', {}, labels[index] ?? '')
    figures.append(element('div', { class: kind }, label, element('dd', {}, percent)))
    const segment = element('span', { class: kind })
    segment.style.width = percent
    bar.append(segment)
  }
  return [figures, bar]
}

/** @param {Answer} answer */
function toStaleNotice({ as_of: asOf, features_age_s: ageS }) {
  return element(
    'p',
    { class: 'stale' },
    element('strong', {}, `The ratings have not seen football since ${toDay(asOf)}`),
    `, ${toAge(ageS)} ago. Results, transfers and promotions after that day are unknown to this answer.`,
  )
}

/** @param {Answer} answer */
function toMissing({ match, missing_players: missing }) {
  const title = element('h3', {}, 'Missing players')
  if (missing === null || missing === undefined) {
    return [
      title,
      element('p', { class: 'quiet-text' }, 'Not known: no team news has been read for this match.'),
    ]
  }
  const read = `Team news read on ${toLocalMoment(missing.read_at)}.`
  const nobody = missing.home.length + missing.away.length === 0
  const content = nobody
    ? element('p', {}, 'Nobody is reported missing on either side.')
    : toSides(match, missing)
  return [title, content, element('p', { class: 'hint' }, read)]
}

/**
 * @param {Answer['match']} match
 * @param {MissingPlayers} missing
 */
function toSides(match, missing) {
  return element(
    'div',
    { class: 'sides' },
    toSide(match.home.name, missing.home),
    toSide(match.away.name, missing.away),
  )
}

/**
 * @param {string} club
 * @param {MissingPlayer[]} players
 */
function toSide(club, players) {
  const rows = players.map((player) => {
    const why = [player.status, player.reason].filter(Boolean).join(', ')
    return element('li', {}, player.name, ' ', element('small', {}, why))
  })
  const content = rows.length > 0 ? element('ul', {}, ...rows) : element('p', {}, 'Nobody reported.')
  return element('div', {}, element('h4', {}, club), content)
}

/** @param {Answer} answer */
function toBasis({ model, as_of: asOf, features_age_s: ageS, cache }) {
  const rows = [
    ['Model', `${model.name} ${model.version}${model.alias ? ` (${model.alias})` : ''}`],
    ['Data until', `${toDay(asOf)}, ${toAge(ageS)} ago`],
    ['This answer', ORIGINS[cache] ?? cache],
  ]
  const pairs = rows.map(([term = '', value = '']) =>
    element('div', {}, element('dt', {}, term), element('dd', {}, value)),
  )
  return element('dl', { class: 'basis' }, ...pairs)
}
