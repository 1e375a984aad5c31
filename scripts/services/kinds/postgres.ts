import { execFileSync } from 'node:child_process'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { Client, escapeIdentifier } from 'pg'
import { letPass } from '../let-pass.ts'
import { requireProgram } from '../require-program.ts'
import type { Owner, Place, Program, Service } from '../service.ts'
import { writePrivate } from '../write-private.ts'

const connectTimeoutMs = 3_000
const elsewhere = '/var/lib/soccer-function-bundle'

export const postgres: Service = {
  title: 'PostgreSQL',
  variable: 'DATABASE_URL',
  needs: [],
  ports: ['main'],
  secrets: ['password'],
  startTimeoutMs: 60_000,
  // Fast shutdown: SIGTERM would wait for every client to go.
  stopSignal: 'SIGINT',
  // Killed, it would leave shared memory behind.
  killWhenNotDurable: false,
  addressOf: ({ port, secret }) => ({
    url: `postgresql://postgres:${secret('password')}@127.0.0.1:${port('main')}/soccer`,
    urls: {},
  }),
  prepare: (place) => Promise.resolve(prepare(place)),
  check: ({ url }) =>
    withClient(url, async (client) => {
      const { rows } = await client.query<{ server_version: string }>('show server_version')
      return rows[0]?.server_version ?? ''
    }),
}

/** Makes the database where it is missing. */
export async function requireDatabase(url: string, name: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 0) await client.query(`create database ${escapeIdentifier(name)}`)
  })
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs })
  // A server that goes away while we talk rejects the query as well.
  client.on('error', () => undefined)
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
  }
}

function prepare(place: Place): Program {
  const bin = dirname(requireProgram(newestInitdb, ['postgresql']))
  const owner = findOwner()
  const folder = makeFolder(place, owner)
  const data = join(folder, 'data')
  if (!existsSync(data))
    createData({ bin, data, owner, password: place.secret('password'), durable: place.durable })
  const safety = place.durable ? 'on' : 'off'
  const settings = {
    port: String(place.port('main')),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: safety,
    full_page_writes: safety,
  }
  const given = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return { file: join(bin, 'postgres'), args: ['-D', data, ...given], owner }
}

/**
 * The folder of the cluster, open to its owner. Root's own folders are closed to everybody else: the cluster then lies
 * elsewhere, and a link stands in its place.
 */
function makeFolder({ folder, parent, tell }: Place, owner: Owner | undefined): string {
  const place = join(folder, 'cluster')
  mkdirSync(place, { recursive: true, mode: 0o700 })
  const real = realpathSync(place)
  if (!owner) return real
  chownSync(real, owner.uid, owner.gid)
  if (letPass(real, [folder, parent], owner)) return real
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 })
  const moved = mkdtempSync(join(elsewhere, 'postgres-'))
  chownSync(moved, owner.uid, owner.gid)
  rmSync(place, { recursive: true })
  symlinkSync(moved, place)
  tell(`PostgreSQL keeps its data in ${moved}, because its user may not enter ${folder}.`)
  return moved
}

interface Cluster {
  readonly bin: string
  readonly data: string
  readonly owner: Owner | undefined
  readonly password: string
  readonly durable: boolean
}

/** Beside its place and renamed, so that what is cut off here is begun anew. */
function createData({ bin, data, owner, password, durable }: Cluster): void {
  const unfinished = `${data}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  const passwordFile = `${data}.password`
  writePrivate(passwordFile, password)
  if (owner) chownSync(passwordFile, owner.uid, owner.gid)
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' }
  // What these programs say on their outputs is shown only when they fail.
  const run = (program: string, args: readonly string[], input = '') =>
    execFileSync(join(bin, program), args, { ...owner, cwd: '/', input, env, stdio: 'pipe' })
  try {
    const identity = ['-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`]
    run('initdb', ['-D', unfinished, ...identity, '-E', 'UTF8', ...(durable ? [] : ['--no-sync'])])
    run(
      'postgres',
      ['--single', ...(durable ? [] : ['-F']), '-D', unfinished, 'postgres'],
      'create database soccer',
    )
  } finally {
    rmSync(passwordFile)
  }
  renameSync(unfinished, data)
}

/** PostgreSQL refuses to run as root; Debian's package makes it a user of its own. */
function findOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

/** The newest of Debian's versions; a removed one leaves its folder behind. */
function newestInitdb(): string | undefined {
  const versions = '/usr/lib/postgresql'
  if (!existsSync(versions)) return undefined
  const newestFirst = readdirSync(versions).toSorted((a, b) => Number(b) - Number(a))
  return newestFirst.map((version) => join(versions, version, 'bin/initdb')).find((path) => existsSync(path))
}
