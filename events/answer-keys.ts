import { z } from 'zod'
import { failure } from './failure.ts'
import { predictionSchema } from './prediction.ts'

/** Cache key of the latest prediction for a subject. */
export const predictionKey = (subject: string): string => `prediction:${subject}`

/** Cache key of the latest refusal for a subject. */
export const failureKey = (subject: string): string => `failure:${subject}`

/** Channel on which those who wait for an answer about a subject are woken. */
export const answerChannel = (subject: string): string => `answer:${subject}`

/** What is said on that channel. */
export const answerMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('prediction'), prediction: predictionSchema }),
  z.strictObject({ kind: z.literal('failure'), failure }),
])

export type AnswerMessage = z.infer<typeof answerMessage>
