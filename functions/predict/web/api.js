// @ts-check

/**
 * @typedef {{ club_id: string, name: string, country: string, competition?: string | null }} Club
 * @typedef {{ match_id: number, home: string, away: string, kickoff: string, competition: string, country: string, status: string }} Fixture
 * @typedef {{ demonstration: boolean, matches: Fixture[], next: string | null }} FixturePage
 * @typedef {{ player_id: number, name: string, reason: string | null, status: string | null }} MissingPlayer
 * @typedef {{ read_at: string, home: MissingPlayer[], away: MissingPlayer[] }} MissingPlayers
 * @typedef {{ name: string, version: string, alias: string }} Model
 * @typedef {Model & { trained_until?: string | null, ratings_until?: string | null }} ModelInfo
 * @typedef {{
 *   match: { match_id: number | null, home: Club, away: Club, kickoff: string | null, competition: string | null },
 *   probabilities: { home: number, draw: number, away: number },
 *   model: Model,
 *   as_of: string,
 *   features_age_s: number,
 *   stale: boolean,
 *   cache: 'hit' | 'stored' | 'computed',
 *   missing_players: MissingPlayers | null,
 *   request_id: string
 * }} Answer
 * @typedef {{ match_id: number } | { home: string, away: string, date?: string }} Question
 * @typedef {{
 *   status: number,
 *   detail: string,
 *   retryAfterS?: number,
 *   request_id?: string,
 *   errors?: { path: string, message: string }[],
 *   candidates?: Club[],
 *   side?: 'home' | 'away'
 * }} Problem
 */

const KEY = 'soccer-api-key'
const WAIT_UNTIL_ASKED_AGAIN_S = 2
const ASKED_AT_MOST = 30

export class ProblemError extends Error {
  /** @param {Problem} problem */
  constructor(problem) {
    super(problem.detail)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/**
 * The key lives as long as the tab and no longer: the page may be open on a shared machine.
 *
 * @param {string} key
 */
export function rememberKey(key) {
  sessionStorage.setItem(KEY, key)
}

/**
 * @param {string} [after] the `next` of the page before
 * @returns {Promise<FixturePage>}
 */
export function fetchFixtures(after) {
  return call(`/predict/matches?${new URLSearchParams({ limit: '200', ...(after && { after }) })}`)
}

/**
 * @param {string} text
 * @param {AbortSignal} signal
 * @returns {Promise<{ clubs: Club[] }>}
 */
export function fetchClubs(text, signal) {
  return call(`/predict/clubs?${new URLSearchParams({ q: text, limit: '8' })}`, { signal })
}

/** @returns {Promise<ModelInfo>} */
export function fetchModel() {
  return call('/predict/model/info')
}

/**
 * A 202 means the match is still being worked on; asking the same again joins that work instead of starting more.
 *
 * @param {Question} question
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function fetchAnswer(question, signal) {
  const body = JSON.stringify(toBody(question))
  const headers = { 'content-type': 'application/json' }
  for (let asked = 0; asked < ASKED_AT_MOST; asked += 1) {
    const response = await send('/predict', { method: 'POST', headers, body, signal })
    if (response.status !== 202) return checkAnswer(await read(response))
    await pause(toSeconds(response.headers.get('retry-after')) ?? WAIT_UNTIL_ASKED_AGAIN_S, signal)
  }
  throw new ProblemError({
    status: 202,
    detail: 'This match takes longer than usual. The service is still working on it.',
    retryAfterS: 0,
  })
}

/** @param {Question} question */
function toBody(question) {
  if ('match_id' in question) return question
  const { home, away, date } = question
  return date ? { home, away, kickoff: `${date}T15:00:00Z` } : { home, away }
}

/**
 * @param {Answer} answer
 * @returns {Answer}
 */
function checkAnswer(answer) {
  const { home, draw, away } = answer?.probabilities ?? {}
  if (!(home + draw + away > 0)) throw unreadable(200)
  return answer
}

/**
 * @template T
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<T>}
 */
async function call(path, init) {
  return read(await send(path, init))
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 */
async function send(path, init = {}) {
  const headers = new Headers(init.headers)
  const key = sessionStorage.getItem(KEY)
  if (key) headers.set('x-api-key', key)
  try {
    return await fetch(path, { ...init, headers })
  } catch (error) {
    if (init.signal?.aborted) throw error
    const detail = 'The service cannot be reached. Check your connection and try again.'
    throw new ProblemError({ status: 0, detail, retryAfterS: 0 })
  }
}

/** @param {Response} response */
async function read(response) {
  const type = response.headers.get('content-type') ?? ''
  const body = type.includes('json') ? await response.json().catch(() => null) : null
  if (response.ok && body) return body
  if (!body?.detail) throw unreadable(response.status)
  const retryAfterS = toSeconds(response.headers.get('retry-after'))
  throw new ProblemError({
    ...body,
    status: response.status,
    ...(retryAfterS === null ? {} : { retryAfterS }),
  })
}

/** @param {number} status */
function unreadable(status) {
  const detail = `The service answered with something this page cannot read (status ${status}).`
  return new ProblemError({ status, detail, retryAfterS: 0 })
}

/**
 * Retry-After is either seconds or an HTTP date.
 *
 * @param {string | null} header
 */
function toSeconds(header) {
  if (!header) return null
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : null
}

/**
 * @param {number} seconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000)
    const stop = () => {
      clearTimeout(timer)
      reject(signal.reason)
    }
    signal.addEventListener('abort', stop, { once: true })
  })
}
