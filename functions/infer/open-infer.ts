import { readConfig } from '../runtime/config/read-config.ts'
import type { Context } from '../runtime/serve/context.ts'
import type { OpenedFunction } from '../runtime/serve/serve.ts'
import { inferVariables } from './config.ts'
import { inferHandlers } from './handlers.ts'
import { loadModel } from './load-model.ts'
import { savePrediction } from './sql/save-prediction.ts'

/** Wires the infer function: the model of the registry, loaded before the first event is taken. */
export async function openInfer({ environment, log, lifecycle, stores }: Context): Promise<OpenedFunction> {
  const config = readConfig(inferVariables, environment)
  const { database, cache, registry } = stores
  const now = () => new Date()
  const model = await loadModel(config.MODEL_ALIAS, { registry, database, now })
  lifecycle.onStop('model', () => model.close())
  log.info({ model: model.name, version: model.version }, 'model loaded')
  const handlers = inferHandlers({
    model,
    save: (scored) => savePrediction(database, scored),
    cache,
    cacheTtlMs: config.CACHE_TTL_MS,
    log,
    now,
  })
  return { handlers, checks: { database: () => database.ping() } }
}
