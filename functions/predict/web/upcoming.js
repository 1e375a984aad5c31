// @ts-check

import { fetchFixtures, ProblemError } from './api.js'
import { button, byId, element } from './element.js'
import { keyForm } from './problem.js'
import { toAddress } from './question.js'
import { localZone, toLocalDay, toLocalTime, toSearchable } from './words.js'

/** @import { Fixture, Question } from './api.js' */

const SHOWN_AT_ONCE = 40

/** The list of upcoming matches; every match is a link, so that it can be opened in a new tab or sent to somebody. */
export class Upcoming {
  /** @type {Fixture[]} */
  #fixtures = []
  /** @type {string | null} */
  #next = null
  /** @type {number | null} */
  #current = null
  #shownAtMost = SHOWN_AT_ONCE
  #list = byId('matches', HTMLElement)
  #filter = byId('filter', HTMLInputElement)

  /** @param {(question: Question) => void} onChosen */
  constructor(onChosen) {
    this.#filter.addEventListener('input', () => this.#show())
    this.#list.addEventListener('click', (event) => {
      const link = event.target instanceof Element ? event.target.closest('a') : null
      if (!link?.dataset['matchId'] || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
        return
      event.preventDefault()
      onChosen({ match_id: Number(link.dataset['matchId']) })
    })
  }

  /** @param {string} [after] */
  async load(after) {
    this.#list.setAttribute('aria-busy', 'true')
    try {
      const page = await fetchFixtures(after)
      this.#fixtures = after ? [...this.#fixtures, ...page.matches] : page.matches
      this.#next = page.next
      if (page.demonstration) byId('demonstration', HTMLElement).hidden = false
      this.#show()
    } catch (error) {
      this.#showProblem(error)
    } finally {
      this.#list.removeAttribute('aria-busy')
    }
  }

  /** @param {number} matchId */
  find(matchId) {
    return this.#fixtures.find((fixture) => fixture.match_id === matchId)
  }

  /** @param {number | null} matchId */
  mark(matchId) {
    this.#current = matchId
    for (const link of this.#list.querySelectorAll('a')) this.#markLink(link)
  }

  /** @param {HTMLAnchorElement} link */
  #markLink(link) {
    if (link.dataset['matchId'] === String(this.#current)) link.setAttribute('aria-current', 'true')
    else link.removeAttribute('aria-current')
  }

  /** @param {unknown} error */
  #showProblem(error) {
    const problem = error instanceof ProblemError ? error.problem : null
    const detail = problem?.detail ?? 'The matches could not be shown.'
    const again = problem?.status === 401 ? keyForm() : button('Ask again', () => void this.load())
    this.#list.replaceChildren(element('p', {}, detail), again)
  }

  #show() {
    const words = toSearchable(this.#filter.value).split(/\s+/).filter(Boolean)
    const shown = this.#fixtures.filter((fixture) => {
      const text = toSearchable(`${fixture.home} ${fixture.away} ${fixture.competition} ${fixture.country}`)
      return words.every((word) => text.includes(word))
    })
    byId('filter-field', HTMLElement).hidden = this.#fixtures.length === 0
    byId('zone', HTMLElement).textContent =
      this.#fixtures.length > 0 ? `Kick-off in your local time (${localZone()}).` : ''
    byId('filter-count', HTMLElement).textContent =
      words.length > 0 ? `${shown.length} of ${this.#fixtures.length} matches` : ''
    if (this.#fixtures.length === 0) return this.#showEmpty()
    this.#list.replaceChildren(...toDays(shown.slice(0, this.#shownAtMost)), ...this.#more(shown.length))
    this.mark(this.#current)
  }

  #showEmpty() {
    this.#list.replaceChildren(
      element('p', {}, 'No fixtures have been read yet. They appear here once the service has read them.'),
      button('Ask again', () => void this.load()),
    )
  }

  /** @param {number} found */
  #more(found) {
    const next = this.#next
    if (found <= this.#shownAtMost && next === null) return []
    const showMore = async () => {
      const shownBefore = this.#list.querySelectorAll('a').length
      const isRead = found > this.#shownAtMost
      this.#shownAtMost += SHOWN_AT_ONCE
      if (isRead || next === null) this.#show()
      else await this.load(next)
      this.#list.querySelectorAll('a')[shownBefore]?.focus()
    }
    return [button('Show later matches', () => void showMore())]
  }
}

/**
 * @param {Fixture[]} fixtures
 * @returns {HTMLElement[]}
 */
function toDays(fixtures) {
  const inOrder = [...fixtures].sort((a, b) => Date.parse(a.kickoff) - Date.parse(b.kickoff))
  const days = Map.groupBy(inOrder, (fixture) => toLocalDay(fixture.kickoff))
  return [...days].map(([day, ofDay]) => {
    const competitions = Map.groupBy(ofDay, (fixture) => `${fixture.competition} · ${fixture.country}`)
    const groups = [...competitions].flatMap(([competition, matches]) => [
      element('h4', {}, competition),
      element('ul', {}, ...matches.map(toRow)),
    ])
    return element('section', { class: 'day' }, element('h3', {}, day), ...groups)
  })
}

/** @param {Fixture} fixture */
function toRow(fixture) {
  const attributes = {
    href: toAddress({ match_id: fixture.match_id }),
    'data-match-id': String(fixture.match_id),
  }
  const note = fixture.status === 'scheduled' ? null : element('small', {}, ` ${fixture.status}`)
  const time = element('time', { datetime: fixture.kickoff }, toLocalTime(fixture.kickoff))
  const clubs = element('span', {}, `${fixture.home} – ${fixture.away}`, note)
  return element('li', {}, element('a', attributes, time, ' ', clubs))
}
