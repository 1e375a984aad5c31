// @ts-check

import { rememberKey } from './api.js'
import { button, element } from './element.js'

/** @import { Club, Problem } from './api.js' */

/**
 * @param {Problem} problem
 * @param {{ again: () => void, choose: (side: 'home' | 'away', club: Club) => void }} ways
 * @returns {HTMLElement[]}
 */
export function toProblem(problem, { again, choose }) {
  const { side, candidates = [], detail } = problem
  const errors = (problem.errors ?? []).filter(({ message }) => !detail.includes(message))
  const choice = side && candidates.length > 0 ? toChoice(candidates, (club) => choose(side, club)) : null
  /** @type {HTMLElement[]} */
  const shown = [
    element('h2', {}, choice ? 'Which club do you mean?' : 'No answer this time'),
    element('p', { class: 'sentence' }, detail),
  ]
  if (errors.length > 0) shown.push(element('ul', { class: 'faults' }, ...errors.map(toFault)))
  if (choice) shown.push(choice)
  if (problem.status === 401) shown.push(keyForm())
  if (problem.retryAfterS !== undefined) shown.push(retryButton(problem.retryAfterS, again))
  if (problem.request_id) shown.push(element('p', { class: 'fine' }, `Request ${problem.request_id}`))
  return shown
}

/** @param {{ path: string, message: string }} fault */
function toFault({ path, message }) {
  return element('li', {}, path ? `${path}: ${message}` : message)
}

/**
 * @param {Club[]} candidates
 * @param {(club: Club) => void} choose
 */
function toChoice(candidates, choose) {
  const buttons = candidates.map((club) => {
    const chooser = button(club.name, () => choose(club), 'candidate')
    chooser.append(' ', element('small', {}, club.country))
    return element('li', {}, chooser)
  })
  return element('ul', { class: 'candidates' }, ...buttons)
}

/**
 * Opens only after the wait the service asked for: pressing earlier would only be refused again.
 *
 * @param {number} waitS
 * @param {() => void} again
 */
function retryButton(waitS, again) {
  const retry = button('Try again', again, 'primary')
  const opensAt = Date.now() + waitS * 1000
  const tick = () => {
    const leftS = Math.ceil((opensAt - Date.now()) / 1000)
    retry.disabled = leftS > 0
    retry.textContent = leftS > 0 ? `Try again in ${leftS} s` : 'Try again'
    if (leftS > 0) setTimeout(tick, 250)
  }
  tick()
  return retry
}

/** Loads the page anew with the key, since the list and the suggestions were refused too. */
export function keyForm() {
  const input = element('input', { type: 'password', name: 'key', required: '', autocomplete: 'off' })
  const label = element('label', {}, 'Key for this service', input)
  const form = element(
    'form',
    { class: 'key' },
    label,
    element('button', { class: 'primary' }, 'Use this key'),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    rememberKey(input.value.trim())
    location.reload()
  })
  return form
}
