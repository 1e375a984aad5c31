import { z } from 'zod'

/** Why something will never work as asked: told to the asker as a problem document. */
export const failure = z.strictObject({
  /** Stable, machine-readable. */
  code: z.string().regex(/^[a-z][a-z0-9_]*$/),
  /** A sentence a person understands. */
  detail: z.string().min(1).max(2_000),
  /** HTTP status that says the same, 400–499. */
  status: z.number().int().min(400).max(499),
})

export type Failure = z.infer<typeof failure>

/** The code of a refusal that concerns a replay alone: nobody who asks may be told it. */
export const replayRefusal = 'page_not_archived'
