import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { readConfig } from '../runtime/config/read-config.ts'
import { type Listening, listen } from '../runtime/http/listen.ts'
import type { Context } from '../runtime/serve/context.ts'
import { openContext } from '../runtime/serve/open-context.ts'
import { startOrExit } from '../runtime/serve/run-alone.ts'
import { predictVariables } from './config.ts'
import { openPredict } from './open-predict.ts'

const packageFile = new URL('../../package.json', import.meta.url)
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, 'utf8')))

/** Wires the predict function and lets it listen; drained and closed by the lifecycle. */
export async function startPredict(context: Context): Promise<Listening> {
  const config = readConfig(predictVariables, context.environment)
  const app = openPredict(context, config, version)
  const listening = await listen(app, { port: config.PORT, host: config.HOST })
  context.lifecycle.onDrain(() => listening.stopTaking())
  context.lifecycle.onStop('predict', () => listening.close())
  context.log.info({ port: listening.port }, 'predict listens')
  return listening
}

if (import.meta.main) await startOrExit(async () => startPredict(await openContext('predict')))
