import { z } from 'zod'
import type { Database } from '../../runtime/database/database.ts'

const row = z.object({
  alias: z.string(),
  name: z.string(),
  version: z.string(),
  manifest: z.record(z.string(), z.unknown()),
  loaded_at: z.date(),
})

export type ModelRow = z.infer<typeof row>

/** What an alias of the registry stands for; undefined until infer has loaded it. */
export async function findModel(
  database: Pick<Database, 'query'>,
  alias: string,
): Promise<ModelRow | undefined> {
  const [found] = await database.query(
    {
      name: 'find-model',
      text: 'select alias, name, version, manifest, loaded_at from models where alias = $1',
      values: [alias],
    },
    row,
  )
  return found
}
