// @ts-check

import { toAnswer, toSummary } from './answer.js'
import { fetchAnswer, fetchModel, ProblemError } from './api.js'
import { ClubField } from './club-field.js'
import { button, byId, element } from './element.js'
import { toProblem } from './problem.js'
import { toAddress, toQuestion } from './question.js'
import { Upcoming } from './upcoming.js'
import { toDay } from './words.js'

/** @import { Answer, Club, Problem, Question } from './api.js' */

const SLOW_AFTER_MS = 2500
const TITLE = document.title

const panel = byId('panel', HTMLElement)
const shown = byId('answer', HTMLElement)
const announcement = byId('announcement', HTMLElement)
const ask = byId('ask', HTMLButtonElement)
const date = byId('date', HTMLInputElement)
const home = new ClubField(byId('home', HTMLInputElement))
const away = new ClubField(byId('away', HTMLInputElement))
const upcoming = new Upcoming(visit)

/** @type {{ address: string, abort: AbortController } | null} */
let waiting = null

/** @param {Question} question */
function visit(question) {
  const address = toAddress(question)
  if (address !== location.search) history.pushState(null, '', address)
  void answer(question)
}

/** @param {Question} question */
async function answer(question) {
  const address = toAddress(question)
  if (waiting?.address === address) return
  waiting?.abort.abort()
  const mine = { address, abort: new AbortController() }
  waiting = mine
  showWaiting(question)
  const slow = setTimeout(showSlow, SLOW_AFTER_MS)
  try {
    const got = await fetchAnswer(question, mine.abort.signal)
    if (waiting === mine) showAnswer(question, got)
  } catch (error) {
    if (waiting === mine) showProblem(question, error)
  } finally {
    clearTimeout(slow)
    if (waiting === mine) setWaiting(null)
  }
}

/** @param {typeof waiting} next */
function setWaiting(next) {
  waiting = next
  panel.setAttribute('aria-busy', String(next !== null))
  // Not `disabled`: that would throw a keyboard user's focus away while the answer is on its way.
  ask.setAttribute('aria-disabled', String(next !== null))
}

/** @param {Question} question */
function showWaiting(question) {
  setWaiting(waiting)
  const isFixture = 'match_id' in question
  const fixture = isFixture ? upcoming.find(question.match_id) : undefined
  upcoming.mark(isFixture ? question.match_id : null)
  const names = isFixture
    ? fixture && [fixture.home, fixture.away]
    : [home.input.value || question.home, away.input.value || question.away]
  replace(
    'waiting',
    element('p', { class: 'when' }, 'Working out the probabilities…'),
    element('h2', {}, names ? names.join(' – ') : 'One moment'),
    element('div', { class: 'bar', 'aria-hidden': 'true' }),
    element('p', { class: 'hint', id: 'slow' }),
    button('Stop waiting', () => {
      history.pushState(null, '', '/')
      stopWaiting()
    }),
  )
  announcement.textContent = 'Working out the probabilities.'
  reveal()
}

/** On a narrow screen the answer stands between form and list, out of sight of whoever asked from either. */
function reveal() {
  if (matchMedia('(max-width: 60rem)').matches) panel.scrollIntoView()
}

function showSlow() {
  const slow = document.getElementById('slow')
  if (slow) slow.textContent = 'The match has to be read and calculated first. This can take some seconds.'
}

function stopWaiting() {
  waiting?.abort.abort()
  setWaiting(null)
  showStart()
}

/**
 * @param {Question} question
 * @param {Answer} got
 */
function showAnswer(question, got) {
  const { match } = got
  if (!('match_id' in question)) {
    if (home.value === question.home) home.set(match.home.name, match.home.club_id)
    if (away.value === question.away) away.set(match.away.name, match.away.club_id)
  }
  replace('answered', ...toAnswer(got))
  document.title = `${match.home.name} – ${match.away.name} · ${TITLE}`
  announcement.textContent = toSummary(got)
  reveal()
}

/**
 * @param {Question} question
 * @param {unknown} error
 */
function showProblem(question, error) {
  /** @type {Problem} */
  const problem =
    error instanceof ProblemError
      ? error.problem
      : { status: 0, detail: 'This page could not show the answer.', retryAfterS: 0 }
  const again = () => void answer(question)
  /** @type {(side: 'home' | 'away', club: Club) => void} */
  const choose = (side, club) => {
    if ('match_id' in question) return
    const field = side === 'home' ? home : away
    field.set(club.name, club.club_id)
    visit({ ...question, [side]: club.club_id })
  }
  replace('refused', ...toProblem(problem, { again, choose }))
  document.title = TITLE
  announcement.textContent = problem.detail
  reveal()
}

function showStart() {
  upcoming.mark(null)
  document.title = TITLE
  announcement.textContent = ''
  replace(
    'start',
    element('h2', {}, 'Your answer appears here'),
    element('p', {}, 'Name two clubs, or pick a match from the list.'),
    element('p', {}, 'Short names and small slips are fine: “man u”, “atletico”.'),
    element('p', {}, 'You will see three percentages, how old the data behind them is, and who is missing.'),
  )
}

/**
 * @param {string} state
 * @param {...HTMLElement} content
 */
function replace(state, ...content) {
  const hadFocus = shown.contains(document.activeElement)
  shown.className = `answer ${state}`
  shown.replaceChildren(...content)
  if (hadFocus) panel.focus({ preventScroll: true })
}

function showAddress() {
  const question = toQuestion(new URLSearchParams(location.search))
  const clubs = question && !('match_id' in question) ? question : { home: '', away: '' }
  home.set(clubs.home)
  away.set(clubs.away)
  date.value = 'date' in clubs ? (clubs.date ?? '') : ''
  if (question) void answer(question)
  else stopWaiting()
}

async function showModel() {
  const model = await fetchModel().catch(() => null)
  if (!model) return
  const learned = model.trained_until && `learned from matches until ${toDay(model.trained_until)}`
  const seen = model.ratings_until && `has seen football until ${toDay(model.ratings_until)}`
  const facts = [`Model ${model.name}, version ${model.version}`, learned, seen].filter(Boolean)
  byId('model', HTMLElement).textContent = `${facts.join('; ')}.`
}

byId('clubs', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  const question = { home: home.value, away: away.value }
  visit(date.value ? { ...question, date: date.value } : question)
})
byId('swap', HTMLButtonElement).addEventListener('click', () => home.swap(away))
byId('start', HTMLAnchorElement).addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  history.pushState(null, '', '/')
  showAddress()
})
addEventListener('popstate', showAddress)

showAddress()
void showModel()
void upcoming.load()
