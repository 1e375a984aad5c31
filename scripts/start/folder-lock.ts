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
 * One process a folder. The lock is a listening socket, so it ends with its process however that dies; the socket
 * file that a killed process leaves behind refuses connections and is taken over. It stands in the temporary
 * folder under a digest because the path of a socket may not be longer than about 100 bytes.
 * @throws FolderInUseError
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const digest = createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 24)
  const path = join(tmpdir(), `soccer-${digest}.sock`)
  let words = `process ${process.pid} is starting on it`
  const server = createServer((socket) => {
    // A second start that goes away while it is told is no concern of the first.
    socket.on('error', () => socket.destroy())
    socket.end(words)
  })
  await takeOver(server, path, folder)
  return {
    announce: (said) => {
      words = said
    },
    release: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}

async function takeOver(server: Server, path: string, folder: string): Promise<void> {
  if (await listens(server, path)) return
  const owner = await askOwner(path)
  if (owner !== undefined) throw new FolderInUseError(`The folder ${folder} is in use: ${owner}.`)
  rmSync(path, { force: true })
  if (!(await listens(server, path))) throw new FolderInUseError(`The folder ${folder} is in use.`)
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
