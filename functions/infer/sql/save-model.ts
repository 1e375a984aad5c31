import { z } from 'zod'
import type { Database } from '../../runtime/database/database.ts'

interface ServedModel {
  readonly alias: string
  readonly name: string
  readonly version: string
  readonly manifest: object
  readonly loadedAt: Date
}

/** Says which version an alias stands for now. */
export async function saveModel(database: Pick<Database, 'query'>, model: ServedModel): Promise<void> {
  await database.query(
    {
      name: 'save-model',
      text: `insert into models (alias, name, version, manifest, loaded_at) values ($1, $2, $3, $4, $5)
             on conflict (alias) do update
             set name = excluded.name, version = excluded.version,
                 manifest = excluded.manifest, loaded_at = excluded.loaded_at`,
      values: [model.alias, model.name, model.version, JSON.stringify(model.manifest), model.loadedAt],
    },
    z.never(),
  )
}
