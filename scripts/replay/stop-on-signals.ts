const impatienceMs = 1_000

/**
 * Aborts at the first Ctrl-C. A later one ends at once; not one in the same second, because npm passes on the signal
 * that the terminal has sent to the whole group already.
 */
export function stopOnSignals(): AbortSignal {
  const stopping = new AbortController()
  let firstMs: number | undefined
  const stop = () => {
    firstMs ??= Date.now()
    if (Date.now() - firstMs > impatienceMs) process.exit(130)
    stopping.abort()
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  return stopping.signal
}
