import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { startEmbeddedPostgres } from '../../functions/runtime/database/embedded-postgres.ts'
import { describeDatabase, type TestServer } from './database.ts'
import { describeDatabaseFaults } from './database-faults.ts'

async function startEmbedded(): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'soccer-embedded-'))
  const { url, stop } = await startEmbeddedPostgres(folder)
  return {
    url,
    async stop() {
      await stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** A database of its own beside the one of the URL, gone afterwards. */
async function startReal(adminUrl: string): Promise<TestServer> {
  const name = `soccer_test_${randomUUID().replaceAll('-', '')}`
  const administer = async (text: string) => {
    const client = new Client(adminUrl)
    await client.connect()
    await client.query(text)
    await client.end()
  }
  await administer(`create database ${name}`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return { url: url.href, stop: () => administer(`drop database ${name} with (force)`) }
}

describeDatabase('embedded', startEmbedded)

const realUrl = process.env['TEST_DATABASE_URL']
if (realUrl !== undefined) {
  describeDatabase('PostgreSQL', () => startReal(realUrl))
  describeDatabaseFaults('PostgreSQL', () => startReal(realUrl))
}
