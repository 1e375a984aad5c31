import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { startEmbeddedPostgres } from '../../functions/runtime/database/embedded-postgres.ts'

export interface OwnDatabase {
  readonly url: string
  /** Forgets everything. */
  stop(): Promise<void>
}

export async function startEmbedded(): Promise<OwnDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'soccer-embedded-'))
  const { url, stop } = await startEmbeddedPostgres(folder)
  return { url, stop: () => stop().then(() => rm(folder, { recursive: true })) }
}

/** A database beside the one of the URL. */
export async function startReal(adminUrl: string): Promise<OwnDatabase> {
  const name = `soccer_own_${randomUUID().replaceAll('-', '')}`
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
