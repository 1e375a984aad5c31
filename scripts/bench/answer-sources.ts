/** How many answers came from where, by `hit`, `stored` and `computed`; empty where the service does not tell. */
export type AnswerSources = Readonly<Record<string, number>>

const timeoutMs = 5_000

/** Counted by the service itself, so that no answer has to be read under load. */
export async function fetchAnswerSources(url: string): Promise<AnswerSources> {
  const response = await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(timeoutMs) })
  return response.ok ? readAnswerSources(await response.text()) : {}
}

export function readAnswerSources(metrics: string): AnswerSources {
  const lines = metrics.matchAll(/^soccer_predictions_total\{cache="(\w+)"\} (\d+)/gm)
  return Object.fromEntries([...lines].map(([, source = '', count]) => [source, Number(count)]))
}

export function subtractSources(later: AnswerSources, earlier: AnswerSources): AnswerSources {
  return Object.fromEntries(
    Object.entries(later)
      .map(([source, count]): [string, number] => [source, count - (earlier[source] ?? 0)])
      .filter(([, count]) => count > 0),
  )
}
