import { createServer, type Socket } from 'node:net'
import { type Execute, refuseSession, serveSession } from './wire-session.ts'

export interface WireServer {
  /** Hangs up on every client and waits until none is being served. */
  close(): Promise<void>
}

const maxSessions = 64
/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const tooManyConnections = '53300'
const cannotConnectNow = '57P03'

/**
 * Lets several clients use a PostgreSQL that serves one message at a time, through a UNIX socket. Written because
 * PGLiteSocketServer 0.2.17 takes turns message by message: the statement of one client then runs with the
 * values of another, and after a failed one it serves nobody (measured with five connections).
 */
export async function listenOnSocket(path: string, execute: Execute): Promise<WireServer> {
  const sessions = new Map<Socket, Promise<void>>()
  const takeTurn = createTurns()
  let broken = false

  async function serve(socket: Socket): Promise<void> {
    try {
      await serveSession(socket, takeTurn, execute)
    } catch {
      // What the server said last went to the client that saw it die; the others are told that it is gone.
      broken = true
      for (const other of sessions.keys()) other.destroy()
    } finally {
      sessions.delete(socket)
    }
  }

  const server = createServer((socket) => {
    if (broken)
      refuseSession(socket, cannotConnectNow, 'the embedded server has failed; start the process again')
    else if (sessions.size >= maxSessions) refuseSession(socket, tooManyConnections, 'too many clients')
    else sessions.set(socket, serve(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })

  return {
    async close() {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
      for (const socket of sessions.keys()) socket.destroy()
      await Promise.all(sessions.values())
      await closed
    },
  }
}

/** One holder at a time, in the order of asking. */
function createTurns(): () => Promise<() => void> {
  let last: Promise<void> = Promise.resolve()
  return async () => {
    const before = last
    const { promise, resolve } = Promise.withResolvers<void>()
    last = promise
    await before
    return resolve
  }
}
