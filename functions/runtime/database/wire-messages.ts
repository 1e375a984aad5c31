/**
 * The frontend half of the PostgreSQL wire protocol, as far as one has to read it to tell the messages apart.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

export type WireMessage =
  | { readonly kind: 'encryption' | 'cancel' | 'terminate' | 'copyIn' }
  /** To be handed to the server as it is. */
  | { readonly kind: 'forward'; readonly bytes: Buffer }

/** Splits what a client sends into messages. Throws an Error on a message that is none, or is larger than allowed. */
export type ReadMessages = (chunk: Buffer) => WireMessage[]

const encryptionCodes: ReadonlySet<number> = new Set([80877103, 80877104])
const cancelCode = 80877102
const terminate = 'X'.charCodeAt(0)
const query = 'Q'.charCodeAt(0)
const parse = 'P'.charCodeAt(0)
/** The embedded server waits for the rows in an endless loop that stops the whole process. */
const copyFromClient = /\bcopy\b[^;]*\bfrom\s+stdin\b/i
const maxMessageBytes = 64 * 1_048_576
/** A start-up message is small; a stray HTTP request is read as one of a gigabyte. */
const maxStartupBytes = 10_000

export function createMessageReader(): ReadMessages {
  let chunks: Buffer[] = []
  let bufferedBytes = 0
  let started = false

  /** Untyped messages, until the one that starts the session. */
  function readUntyped(bytes: Buffer): WireMessage {
    const code = bytes.readInt32BE(4)
    if (encryptionCodes.has(code)) return { kind: 'encryption' }
    if (code === cancelCode) return { kind: 'cancel' }
    started = true
    return { kind: 'forward', bytes }
  }

  return (chunk) => {
    chunks.push(chunk)
    bufferedBytes += chunk.length
    const messages: WireMessage[] = []
    for (;;) {
      const headBytes = started ? 5 : 8
      if (bufferedBytes < headBytes) return messages
      if ((chunks[0]?.length ?? 0) < headBytes) chunks = [Buffer.concat(chunks)]
      const sizeBytes = messageSize(chunks[0] ?? Buffer.alloc(0), started)
      if (bufferedBytes < sizeBytes) return messages
      // Joined once a whole message is there: joining at every chunk costs the square of a large message.
      const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)
      const bytes = all.subarray(0, sizeBytes)
      chunks = [all.subarray(sizeBytes)]
      bufferedBytes -= sizeBytes
      if (!started) messages.push(readUntyped(bytes))
      else messages.push(readTyped(bytes))
    }
  }
}

function readTyped(bytes: Buffer): WireMessage {
  const type = bytes[0]
  if (type === terminate) return { kind: 'terminate' }
  const carriesText = type === query || type === parse
  if (carriesText && copyFromClient.test(bytes.toString('latin1', 5))) return { kind: 'copyIn' }
  return { kind: 'forward', bytes }
}

function messageSize(head: Buffer, typed: boolean): number {
  const sizeBytes = typed ? 1 + head.readInt32BE(1) : head.readInt32BE(0)
  const allowedBytes = typed ? maxMessageBytes : maxStartupBytes
  if (sizeBytes < (typed ? 5 : 8) || sizeBytes > allowedBytes) {
    throw new Error(`a message of ${sizeBytes} bytes is not taken`)
  }
  return sizeBytes
}

/** The state of the session at the end of an answer: idle, in a transaction, in a failed one, or more is to come. */
export type SessionState = 'idle' | 'transaction' | 'failed' | 'busy'

const readyForQueryBytes = 6
const sessionStates: ReadonlyMap<string, SessionState> = new Map([
  ['I', 'idle'],
  ['T', 'transaction'],
  ['E', 'failed'],
])

/** Every finished answer ends in ReadyForQuery: `Z`, the length 5, the state. */
export function stateAfter(answer: Buffer): SessionState {
  const tail = answer.subarray(-readyForQueryBytes)
  if (tail.length < readyForQueryBytes || tail[0] !== 0x5a || tail.readInt32BE(1) !== 5) return 'busy'
  return sessionStates.get(tail.toString('latin1', 5)) ?? 'busy'
}

export function encodeSync(): Buffer {
  return encode('S', Buffer.alloc(0))
}

export function encodeQuery(text: string): Buffer {
  return encode('Q', Buffer.from(`${text}\0`))
}

/** An ErrorResponse that ends the session. */
export function encodeFatal(sqlState: string, message: string): Buffer {
  return encode('E', Buffer.from(`SFATAL\0VFATAL\0C${sqlState}\0M${message}\0\0`))
}

function encode(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(type, 'latin1')
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, body])
}
