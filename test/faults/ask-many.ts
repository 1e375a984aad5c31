import { setTimeout as sleep } from 'node:timers/promises'

/** What became of the questions of all callers. */
export interface Asked {
  /** Got their prediction, at once or when asked again as told. */
  answered: number
  /** Problems that said when to come back. */
  toldToComeBack: number
  /** Attempts that broke because predict itself was dead: nobody is there who could answer. */
  cutOff: number
  /** Everything else: no answer in time, a 503 without a hint, a wrong status. */
  readonly unanswered: string[]
}

interface Needs {
  readonly url: string
  /** The next question; undefined: enough. */
  readonly next: () => string | undefined
  readonly callers: number
  /** Ends it all at once. */
  readonly signal: AbortSignal
}

const attemptTimeoutMs = 30_000
const patienceMs = 180_000
const pauseMs = 250

/** Asks every question until it is answered, as a client does that obeys Retry-After (but waits a second at most). */
export async function askMany({ url, next, callers, signal }: Needs): Promise<Asked> {
  const asked: Asked = { answered: 0, toldToComeBack: 0, cutOff: 0, unanswered: [] }
  const work = async () => {
    for (let body = next(); body !== undefined; body = next())
      await askUntilAnswered({ url, signal }, body, asked)
  }
  await Promise.all(Array.from({ length: callers }, work))
  return asked
}

async function askUntilAnswered(
  { url, signal }: Pick<Needs, 'url' | 'signal'>,
  body: string,
  asked: Asked,
): Promise<void> {
  const deadline = Date.now() + patienceMs
  while (Date.now() < deadline && !signal.aborted) {
    const again = await askOnce(url, body, asked)
    if (again === undefined) return
    await sleep(again)
  }
  asked.unanswered.push(`${body}: not answered within ${patienceMs / 1_000} s`)
}

/** How long to wait before asking again, or undefined when the question is settled. */
async function askOnce(url: string, body: string, asked: Asked): Promise<number | undefined> {
  let response: Response
  try {
    response = await fetch(`${url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(attemptTimeoutMs),
    })
    const text = await response.text()
    if (response.status === 200) {
      asked.answered += 1
      return undefined
    }
    const hintS = Number(response.headers.get('retry-after'))
    if (response.status === 503 && hintS > 0) {
      asked.toldToComeBack += 1
      return Math.min(hintS * 1_000, 1_000)
    }
    asked.unanswered.push(`${body}: ${response.status} ${text.slice(0, 200)}`)
    return undefined
  } catch (thrown) {
    if ((thrown as Error).name === 'TimeoutError') {
      asked.unanswered.push(`${body}: silence for ${attemptTimeoutMs / 1_000} s`)
      return pauseMs
    }
    asked.cutOff += 1
    return pauseMs
  }
}
