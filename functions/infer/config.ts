import { z } from 'zod'
import { durationMs, sharedVariables } from '../runtime/config/variables.ts'

/** Variables of the infer function. */
export const inferVariables = z.object({
  ...sharedVariables,
  /** Which alias of the registry to serve. */
  MODEL_ALIAS: z
    .string()
    .regex(/^[a-z][a-z0-9-]*$/)
    .default('champion'),
  CACHE_TTL_MS: durationMs.default(300_000),
})
