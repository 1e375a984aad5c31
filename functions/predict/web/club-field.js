// @ts-check

import { fetchClubs } from './api.js'
import { element } from './element.js'

/** @import { Club } from './api.js' */

const PAUSE_IN_TYPING_MS = 180
const SHORTEST_QUERY = 2

/** A text field that suggests clubs (the ARIA combobox pattern) and remembers the identity of the one chosen. */
export class ClubField {
  #clubId = ''
  #chosenName = ''
  /** @type {Club[]} */
  #clubs = []
  #active = -1
  #timer = 0
  #asking = new AbortController()

  /** @param {HTMLInputElement} input */
  constructor(input) {
    this.input = input
    this.list = element('ul', { id: `${input.id}-clubs`, class: 'suggestions', role: 'listbox', hidden: '' })
    this.list.setAttribute('aria-label', 'Clubs')
    this.hint = element('p', { class: 'hint', role: 'status' })
    input.after(this.list, this.hint)
    const roles = { role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false' }
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value)
    input.setAttribute('aria-controls', this.list.id)
    input.addEventListener('input', () => this.#suggestSoon())
    input.addEventListener('keydown', (event) => this.#onKey(event))
    input.addEventListener('blur', () => this.#close())
  }

  /** The identity when one was chosen, otherwise the text as typed: the service understands both. */
  get value() {
    const text = this.input.value.trim()
    return this.#clubId && text === this.#chosenName ? this.#clubId : text
  }

  /**
   * @param {string} name
   * @param {string} [clubId]
   */
  set(name, clubId = '') {
    this.#close()
    this.input.value = name
    this.#chosenName = name.trim()
    this.#clubId = clubId
  }

  /** @param {ClubField} other */
  swap(other) {
    const mine = { name: this.input.value, clubId: this.value === this.#clubId ? this.#clubId : '' }
    const theirs = { name: other.input.value, clubId: other.value === other.#clubId ? other.#clubId : '' }
    this.set(theirs.name, theirs.clubId)
    other.set(mine.name, mine.clubId)
  }

  #suggestSoon() {
    clearTimeout(this.#timer)
    this.#asking.abort()
    this.hint.textContent = ''
    if (this.input.value.trim().length < SHORTEST_QUERY) return this.#close()
    this.#timer = setTimeout(() => void this.#suggest(), PAUSE_IN_TYPING_MS)
  }

  async #suggest() {
    const asking = new AbortController()
    this.#asking = asking
    try {
      const { clubs } = await fetchClubs(this.input.value.trim(), asking.signal)
      if (asking.signal.aborted || document.activeElement !== this.input) return
      this.#show(clubs)
      this.hint.textContent = clubs.length === 0 ? 'No club found by that name.' : ''
    } catch {
      // Suggestions are a courtesy; the question itself will say what is wrong.
      if (!asking.signal.aborted) this.#close()
    }
  }

  /** @param {Club[]} clubs */
  #show(clubs) {
    this.#clubs = clubs
    this.#active = -1
    this.list.replaceChildren(...clubs.map((club, index) => this.#toOption(club, index)))
    this.list.hidden = clubs.length === 0
    this.input.setAttribute('aria-expanded', String(clubs.length > 0))
    this.input.removeAttribute('aria-activedescendant')
  }

  /**
   * @param {Club} club
   * @param {number} index
   */
  #toOption(club, index) {
    const where = [club.competition, club.country].filter(Boolean).join(', ')
    const attributes = { id: `${this.list.id}-${index}`, role: 'option', 'aria-selected': 'false' }
    const option = element('li', attributes, club.name, ' ', element('small', {}, where))
    // The field would lose the focus, and with it close the list, before the click arrives.
    option.addEventListener('mousedown', (event) => event.preventDefault())
    option.addEventListener('click', () => this.set(club.name, club.club_id))
    return option
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (this.list.hidden || event.isComposing) return
    const chosen = this.#clubs[this.#active]
    if (event.key === 'ArrowDown') this.#move(1)
    else if (event.key === 'ArrowUp') this.#move(-1)
    else if (event.key === 'Enter' && chosen) this.set(chosen.name, chosen.club_id)
    else if (event.key === 'Escape') this.#close()
    else return
    event.preventDefault()
  }

  /** @param {number} step */
  #move(step) {
    const places = this.#clubs.length + 1
    this.#active = ((this.#active + 1 + step + places) % places) - 1
    for (const [index, option] of [...this.list.children].entries()) {
      option.setAttribute('aria-selected', String(index === this.#active))
    }
    const active = this.list.children[this.#active]
    if (!active) return this.input.removeAttribute('aria-activedescendant')
    this.input.setAttribute('aria-activedescendant', active.id)
    active.scrollIntoView({ block: 'nearest' })
  }

  #close() {
    clearTimeout(this.#timer)
    this.#asking.abort()
    this.#show([])
  }
}
