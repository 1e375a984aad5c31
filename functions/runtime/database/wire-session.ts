import type { Socket } from 'node:net'
import {
  createMessageReader,
  encodeFatal,
  encodeQuery,
  encodeSync,
  type SessionState,
  stateAfter,
  type WireMessage,
} from './wire-messages.ts'

/** Hands one message to the server and gives back the whole answer. A rejection means that the server is gone. */
export type Execute = (message: Buffer) => Promise<Buffer>

/** Waits for the only server to be free; the result gives it back. */
export type TakeTurn = () => Promise<() => void>

/** A client that stops speaking in the middle of a transaction would keep everybody else out. */
const silentWithTurnMs = 30_000
const lastWordsMs = 2_000
const featureNotSupported = '0A000'

/**
 * Speaks for one client. The turn is taken with the first message and given back when the server is idle again, so
 * neither the messages of one statement nor the statements of one transaction mix with those of another client.
 * Resolves when the client is gone; rejects when the server is.
 */
export async function serveSession(socket: Socket, takeTurn: TakeTurn, execute: Execute): Promise<void> {
  const read = createMessageReader()
  socket.on('timeout', () => socket.destroy())
  let giveBack: (() => void) | undefined
  let state: SessionState = 'idle'

  /** False ends the session. */
  async function handle(message: WireMessage): Promise<boolean> {
    if (message.kind !== 'forward') return answerOurselves(socket, message.kind)
    giveBack ??= await takeTurn()
    if (socket.destroyed) return false
    state = 'busy'
    const answer = await execute(message.bytes)
    if (answer.length > 0) socket.write(answer)
    state = stateAfter(answer)
    if (state === 'idle') {
      giveBack()
      giveBack = undefined
    }
    return true
  }

  try {
    for await (const message of readMessages(socket, read)) {
      socket.setTimeout(0)
      if (!(await handle(message))) break
      if (giveBack) socket.setTimeout(silentWithTurnMs)
    }
  } finally {
    try {
      if (giveBack) await restore(state, execute)
    } finally {
      giveBack?.()
      hangUp(socket)
    }
  }
}

/** Tells a client that it cannot be served, and hangs up. */
export function refuseSession(socket: Socket, sqlState: string, message: string): void {
  socket.on('error', () => socket.destroy())
  socket.on('timeout', () => socket.destroy())
  socket.write(encodeFatal(sqlState, message))
  hangUp(socket)
}

/** Last words may still leave, but a client that does not read them is not waited for. */
function hangUp(socket: Socket): void {
  socket.setTimeout(lastWordsMs)
  socket.destroySoon()
}

function answerOurselves(socket: Socket, kind: Exclude<WireMessage['kind'], 'forward'>): boolean {
  if (kind === 'encryption') {
    socket.write('N')
    return true
  }
  // Cancelling needs no words: there is no second server process that could be told to stop.
  if (kind === 'copyIn') {
    socket.write(encodeFatal(featureNotSupported, 'COPY FROM STDIN cannot be used with the embedded server'))
  }
  return false
}

/** Ends without a fault when the client hangs up, however rudely, or talks nonsense. */
async function* readMessages(
  socket: Socket,
  read: (chunk: Buffer) => WireMessage[],
): AsyncGenerator<WireMessage, void, undefined> {
  const chunks = socket.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>
  for (;;) {
    let messages: WireMessage[]
    try {
      const next = await chunks.next()
      if (next.done === true) return
      messages = read(next.value)
    } catch {
      return
    }
    yield* messages
  }
}

/** Brings the server back to idle after a client that vanished half-way through. */
async function restore(state: SessionState, execute: Execute): Promise<void> {
  const now = state === 'busy' ? stateAfter(await execute(encodeSync())) : state
  if (now !== 'idle') await execute(encodeQuery('rollback'))
}
