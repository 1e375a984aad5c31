/**
 * Errors are classed by what the caller must do next, not by where they arose.
 *
 * | class          | the caller should            | HTTP  | event function            |
 * |----------------|------------------------------|-------|---------------------------|
 * | RefusedError   | change what it asks          | 4xx   | returns a `…failed` event |
 * | NotNowError    | ask again later              | 503   | throws, the broker retries|
 * | ConfigError    | (operator) fix the settings  | –     | the process does not start|
 *
 * Anything else that reaches an edge is a defect of ours: 500, logged with its stack, never shown.
 */

/** One fault of an input, with the place it stands at. */
export interface Fault {
  readonly path: string
  readonly message: string
}

/** The asker's input can never work as it stands. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  /** Stable, machine-readable, snake_case. */
  readonly code: string
  /** HTTP status, 400–499. */
  readonly status: number
  /** Extra members of the problem document, such as `candidates` or `errors`. */
  readonly members: Readonly<Record<string, unknown>>

  constructor(code: string, status: number, detail: string, members: Readonly<Record<string, unknown>> = {}) {
    super(detail)
    this.code = code
    this.status = status
    this.members = members
  }
}

/** Right request, wrong moment: a store, the broker or a source does not answer. */
export class NotNowError extends Error {
  override readonly name = 'NotNowError'
  readonly code: string
  readonly retryAfterMs: number

  constructor(code: string, detail: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryAfterMs = options.retryAfterMs ?? 5_000
  }
}

/** The settings are wrong; lists every fault at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    super(['The configuration is not usable:', ...faults.map((f) => `  ${f.path}: ${f.message}`)].join('\n'))
    this.faults = faults
  }
}

/** Turns whatever was thrown into an Error, so that a catch can read its message and keep it as cause. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
