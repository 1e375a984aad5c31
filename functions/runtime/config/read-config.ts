import type { z } from 'zod'
import { ConfigError } from '../errors/errors.ts'

/** The variables of a process, as handed over by the operating system. */
export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the variables a schema names and ignores all others. A variable set to the empty string counts as absent:
 * Helm and func write `""` for "not set".
 * @throws ConfigError listing every fault at once, by variable name, without the values (they may be secrets).
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
): Readonly<z.infer<Schema>> {
  const named = Object.keys(schema.shape).flatMap((name): [string, string][] => {
    const value = environment[name]
    return value === undefined || value === '' ? [] : [[name, value]]
  })
  const parsed = schema.safeParse(Object.fromEntries(named))
  if (parsed.success) return Object.freeze(parsed.data)
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const path = issue.path.join('.')
      const isAbsent = named.every(([name]) => name !== path)
      return { path, message: isAbsent ? 'is required' : issue.message }
    }),
  )
}

/** The one place that reads the process environment. */
export function processEnvironment(): Environment {
  return process.env
}
