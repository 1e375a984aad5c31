// @ts-check

/** @import { Question } from './api.js' */

/**
 * @param {URLSearchParams} parameters
 * @returns {Question | null}
 */
export function toQuestion(parameters) {
  const id = parameters.get('match_id')
  if (id !== null && /^\d{1,16}$/.test(id)) return { match_id: Number(id) }
  const home = parameters.get('home')?.trim()
  const away = parameters.get('away')?.trim()
  const date = parameters.get('date')
  if (!home || !away) return null
  return date && /^\d{4}-\d\d-\d\d$/.test(date) ? { home, away, date } : { home, away }
}

/**
 * @param {Question} question
 * @returns {string} the address of the page that shows its answer
 */
export function toAddress(question) {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(question)) parameters.set(name, String(value))
  return `?${parameters}`
}
