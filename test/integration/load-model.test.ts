import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { z } from 'zod'
import { loadModel } from '../../functions/infer/load-model.ts'
import { openDatabase } from '../../functions/runtime/database/database.ts'
import { migrate } from '../../functions/runtime/database/migrate.ts'
import { openFolderRegistry } from '../../functions/runtime/registry/folder-registry.ts'
import { startReal } from '../support/own-database.ts'
import { recordLog } from '../support/recorded-log.ts'

const path = (folder: string) => fileURLToPath(new URL(`../../${folder}/`, import.meta.url))

describe('loading a model', function () {
  this.timeout(30_000)

  it('works for several processes that start at once on an empty database', async () => {
    const server = await startReal(process.env['TEST_DATABASE_URL'] ?? '')
    const database = await openDatabase({ url: server.url, log: recordLog() })
    await migrate(database, path('functions/runtime/database/migrations'))
    const registry = openFolderRegistry(path('models'))
    const needs = { registry, database, now: () => new Date() }
    const loaded = await Promise.allSettled([1, 2, 3, 4].map(() => loadModel('champion', needs)))
    const count = { name: 'count', text: 'select count(*)::int as count from clubs', values: [] }
    const [clubs] = await database.query(count, z.object({ count: z.number() }))
    for (const result of loaded) if (result.status === 'fulfilled') await result.value.close()
    await database.close()
    await server.stop()
    expect(loaded.map(({ status }) => status)).to.deep.equal(loaded.map(() => 'fulfilled'))
    expect(clubs?.count).to.be.above(500)
  })
})
