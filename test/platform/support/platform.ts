import { z } from 'zod'

const needed = (what: string) => z.string({ error: `${what} is not set: run npm run test:platform` }).min(1)

const variables = z.object({
  TEST_DATABASE_URL: needed('TEST_DATABASE_URL'),
  TEST_REDIS_URL: needed('TEST_REDIS_URL'),
  TEST_RABBITMQ_URL: needed('TEST_RABBITMQ_URL'),
  TEST_RABBITMQ_MANAGEMENT_URL: needed('TEST_RABBITMQ_MANAGEMENT_URL'),
  TEST_PROGRAM_INGRESS: needed('TEST_PROGRAM_INGRESS'),
  TEST_PROGRAM_DISPATCHER: needed('TEST_PROGRAM_DISPATCHER'),
  TEST_PROGRAM_QUEUE_PROXY: needed('TEST_PROGRAM_QUEUE_PROXY'),
  TEST_PROGRAM_FUNC: needed('TEST_PROGRAM_FUNC'),
  TEST_CONFORMANCE_FOLDER: needed('TEST_CONFORMANCE_FOLDER'),
})

type Variable = keyof typeof variables.shape

/** One variable of the platform run; a run without it fails, it does not pass over what it should prove. */
export function platform(name: Variable): string {
  return variables.shape[name].parse(process.env[name])
}
