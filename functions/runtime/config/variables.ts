import { z } from 'zod'

/** Building blocks for the variables of a function; every text comes from the environment. */

export const port = z.coerce.number().int().min(0).max(65_535)

/** Milliseconds, as a whole number. */
export const durationMs = z.coerce
  .number()
  .int()
  .min(1)
  .max(7 * 86_400_000)

/** Variables every function understands. */
export const sharedVariables = {
  /** Port of the HTTP face. Knative sets PORT; func sets FUNC_PORT and gets the same value. */
  PORT: port.default(8080),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
  /** How long requests under way may take to finish after SIGTERM. */
  SHUTDOWN_GRACE_MS: durationMs.default(20_000),
  /** PostgreSQL; absent: an embedded PGlite in DATA_DIR. */
  DATABASE_URL: z.url().optional(),
  /** Redis; absent: a cache in the memory of the process. */
  REDIS_URL: z.url().optional(),
  /** Folder of everything the embedded parts keep. */
  DATA_DIR: z.string().min(1).default('data'),
  /** Address of the broker's ingress, set by Knative. */
  K_SINK: z.url().optional(),
  /** Folder of models, one sub-folder an alias. */
  MODEL_DIR: z.string().min(1).default('models'),
} as const
