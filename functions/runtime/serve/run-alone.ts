import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { processEnvironment, readConfig } from '../config/read-config.ts'
import { port } from '../config/variables.ts'
import { asError, ConfigError, NotNowError } from '../errors/errors.ts'
import { host } from './host.ts'
import type { Face } from './serve.ts'

/** func sets FUNC_PORT, Knative sets PORT; where both are there they agree. */
const variables = z.object({
  FUNC_PORT: port.min(1).optional(),
  PORT: port.min(1).default(8080),
  HOST: z.string().min(1).default('0.0.0.0'),
})
const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** Starts a function in a process of its own; a fault at start is said plainly and ends with code 1. */
export async function runAlone(face: Face, moduleUrl: string): Promise<void> {
  await startOrExit(async () => {
    const config = readConfig(variables, processEnvironment())
    const folder = fileURLToPath(new URL('.', moduleUrl))
    const loopbackOnly = loopback.has(config.HOST)
    await host(face, { port: config.FUNC_PORT ?? config.PORT, folder, loopbackOnly })
  })
}

export async function startOrExit(start: () => Promise<unknown>): Promise<void> {
  try {
    await start()
  } catch (thrown) {
    const error = asError(thrown)
    const isPlain = error instanceof ConfigError || error instanceof NotNowError
    process.stderr.write(`${isPlain ? error.message : (error.stack ?? error.message)}\n`)
    process.exit(1)
  }
}
