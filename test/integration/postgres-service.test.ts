import { realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { Client } from 'pg'
import { startService } from '../../scripts/services/start-service.ts'
import { stopService } from '../../scripts/services/stop-service.ts'
import { useTemporaryFolder } from '../support/temporary-folder.ts'

describe('the service PostgreSQL', function () {
  this.timeout(60_000)
  const folder = useTemporaryFolder()
  const own = { PATH: process.env['PATH'], HOME: process.env['HOME'] }

  async function ask(url: string, text: string): Promise<unknown[]> {
    const client = new Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query<{ n: number }>(text)
    await client.end()
    return rows
  }

  it('starts below a folder that only its maker may enter, and finds its data again', async () => {
    // As root it runs as another user, who gets through `services`, which is ours to open, but not to it.
    const closed = folder('closed', 'services')
    const options = { folder: closed, environment: own, tell: () => undefined, durable: false }
    const first = await startService('postgres', options)
    await ask(first.url, 'create table kept as select 7 as n')
    await stopService('postgres', closed)
    const second = await startService('postgres', options)
    expect(await ask(second.url, 'select n from kept')).to.deep.equal([{ n: 7 }])
    await stopService('postgres', closed)
    rmSync(realpathSync(join(closed, 'postgres', 'cluster')), { recursive: true })
  })
})
