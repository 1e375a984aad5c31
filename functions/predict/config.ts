import { z } from 'zod'
import { durationMs, sharedVariables } from '../runtime/config/variables.ts'

/** Variables of the predict function. */
export const predictVariables = z.object({
  ...sharedVariables,
  HOST: z.string().min(1).default('0.0.0.0'),
  /** How long a caller waits for a computed answer. */
  ANSWER_TIMEOUT_MS: durationMs.default(10_000),
  /** A match page read longer ago than this is read again before the match is answered. */
  PAGE_MAX_AGE_MS: durationMs.default(3_600_000),
  /** An answer is called stale when the youngest football its ratings have seen is older than this. */
  STALE_AFTER_MS: durationMs.default(7 * 86_400_000),
  /** How long a prediction or a refusal may be answered from the cache. */
  CACHE_TTL_MS: durationMs.default(300_000),
  REFUSAL_TTL_MS: durationMs.default(60_000),
})

export type PredictConfig = z.infer<typeof predictVariables>
