import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { PGlite } from '@electric-sql/pglite'
import { asError } from '../errors/errors.ts'
import { lockFolder } from '../lifecycle/folder-lock.ts'
import { listenOnSocket } from './wire-server.ts'

export interface EmbeddedPostgres {
  /** For `openDatabase`; names a UNIX socket that only this user may open. */
  readonly url: string
  /** Hangs up on every client, closes the data files and removes the socket. */
  stop(): Promise<void>
}

/**
 * V8's optimising compiler takes hundreds of megabytes for a WebAssembly module of this size. All three are needed:
 * set while the process runs, the first alone does not keep it from tiering up.
 */
const baselineCompiler = ['--liftoff-only', '--no-wasm-dynamic-tiering', '--no-wasm-tier-up']
/** The server's own default is 128 MB, taken whole at the start; the tables here are small. */
const smallMemory = ['-c', 'shared_buffers=8MB']

/**
 * PostgreSQL inside this process, its data in `dataDir`, which is made where it is missing. A transaction that was
 * acknowledged outlives a killed process; not a loss of power, since the embedded server does not wait for the disk.
 * @throws Error when the folder is in use or its data cannot be opened
 */
export async function startEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  const undo: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).toReversed()) await step()
  }
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    // Two processes writing the same data files would destroy them, and the embedded server itself does not look.
    const lock = await lockFolder(dataDir)
    undo.push(() => lock.release())
    for (const flag of baselineCompiler) setFlagsFromString(flag)
    const server = await PGlite.create({
      dataDir,
      startParams: [...PGlite.defaultStartParams, ...smallMemory],
    })
    undo.push(() => server.close())
    collectGarbage()
    // A socket path holds 107 bytes at most, so it cannot stand in the data folder, wherever that is. mkdtemp: 0700.
    const socketDir = await mkdtemp(join(tmpdir(), 'soccer-pg-'))
    undo.push(() => rm(socketDir, { recursive: true, force: true }))
    const sockets = await listenOnSocket(join(socketDir, '.s.PGSQL.5432'), (message) =>
      execute(server, message),
    )
    undo.push(() => sockets.close())
    return { url: `postgresql://postgres@localhost/postgres?host=${encodeURIComponent(socketDir)}`, stop }
  } catch (thrown) {
    await stop()
    const why = asError(thrown).message
    throw new Error(`The embedded PostgreSQL cannot start on ${dataDir}: ${why}`, { cause: thrown })
  }
}

/**
 * Making a new cluster leaves hundreds of megabytes of WebAssembly memory behind that V8 sees no hurry to collect,
 * because little of it counts as its own heap.
 */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
}

async function execute(server: PGlite, message: Buffer): Promise<Buffer> {
  const parts: Buffer[] = []
  const keep = (part: Uint8Array) => void parts.push(Buffer.from(part))
  await server.execProtocolRawStream(message, { onRawData: keep })
  return Buffer.concat(parts)
}
