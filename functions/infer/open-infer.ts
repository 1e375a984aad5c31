import { readConfig } from '../runtime/config/read-config.ts'
import { openLedger } from '../runtime/ledger/ledger.ts'
import type { Context } from '../runtime/serve/context.ts'
import type { OpenedFunction } from '../runtime/serve/serve.ts'
import { inferVariables } from './config.ts'
import { inferHandlers } from './handlers.ts'
import { keepModel } from './keep-model.ts'
import { loadModel } from './load-model.ts'
import { savePrediction } from './sql/save-prediction.ts'

/** Wires the infer function: the model of the registry, loaded before the first event is taken where it is to be had. */
export async function openInfer({ environment, log, lifecycle, stores }: Context): Promise<OpenedFunction> {
  const config = readConfig(inferVariables, environment)
  const { database, cache, registry } = stores
  const now = () => new Date()
  const model = await keepModel({
    load: () => loadModel(config.MODEL_ALIAS, { registry, database, now }),
    log,
  })
  lifecycle.onStop('model', () => model.close())
  const handlers = inferHandlers({
    model: () => model.current(),
    save: (scored, entry) => savePrediction(database, scored, entry),
    ledger: openLedger('infer', database, log),
    cache,
    cacheTtlMs: config.CACHE_TTL_MS,
    log,
    now,
  })
  const checks = { database: () => database.ping(), model: async () => void model.current() }
  return { handlers, checks }
}
