import type { Log } from '../../functions/runtime/logging/logger.ts'

export interface RecordedLog extends Log {
  /** What was logged: level, message and fields. */
  readonly lines: readonly { readonly level: string; readonly message: string; readonly fields: unknown }[]
}

/** A log that keeps what it is told. */
export function recordLog(): RecordedLog {
  const lines: { level: string; message: string; fields: unknown }[] = []
  const at = (level: string) => (fields: unknown, message?: string) => {
    lines.push({ level, message: message ?? String(fields), fields })
  }
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}
