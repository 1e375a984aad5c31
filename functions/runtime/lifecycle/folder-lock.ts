import { createHash } from 'node:crypto'
import { realpathSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** Another process works on the folder. */
export class FolderInUseError extends Error {
  override readonly name = 'FolderInUseError'
}

export interface FolderLock {
  /** What a second start is told. */
  announce(words: string): void
  release(): Promise<void>
}

const answerTimeoutMs = 2_000

/**
 * One process a folder. The lock is a listening socket, so it ends with its process however that dies. On Linux its
 * name lives in the kernel alone; elsewhere it is a file in the temporary folder (the path of a socket may not be
 * longer than about 100 bytes), and one that a killed process left behind refuses connections and is taken over.
 * @throws FolderInUseError saying what the owner announced
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  let words = `process ${process.pid} works on it`
  const server = createServer((socket) => {
    // A second start that goes away while it is told is no concern of the first.
    socket.on('error', () => socket.destroy())
    socket.end(words)
  })
  server.unref()
  await takeOver(server, socketNameOf(folder), folder)
  return {
    announce: (said) => {
      words = said
    },
    release: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}

function socketNameOf(folder: string): string {
  const digest = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 24)
  return process.platform === 'linux' ? `\0soccer-${digest}` : join(tmpdir(), `soccer-${digest}.sock`)
}

async function takeOver(server: Server, name: string, folder: string): Promise<void> {
  if (await listens(server, name)) return
  const owner = await askOwner(name)
  if (owner !== undefined) throw new FolderInUseError(`The folder ${folder} is in use: ${owner}.`)
  if (!name.startsWith('\0')) rmSync(name, { force: true })
  if (!(await listens(server, name))) throw new FolderInUseError(`The folder ${folder} is in use.`)
}

function listens(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false)
      else reject(error)
    }
    server.once('error', failed)
    server.listen(path, () => {
      server.off('error', failed)
      resolve(true)
    })
  })
}

/** What the owner says of itself, or undefined where nobody answers behind the socket file. */
async function askOwner(path: string): Promise<string | undefined> {
  const socket = connect(path)
  socket.setTimeout(answerTimeoutMs, () => socket.destroy(new Error('no answer')))
  try {
    return await text(socket)
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code
    return code === 'ECONNREFUSED' || code === 'ENOENT' ? undefined : 'another process holds it'
  }
}
