import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NotNowError } from '../errors/errors.ts'

export interface Listening {
  readonly port: number
  /** Refuses new connections; those in use may finish their request. */
  stopTaking(): void
  close(): Promise<void>
}

/** Slow senders are cut off: headers within 10 s, the whole request within 30 s. */
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
}

/** @throws NotNowError `port_taken`, or the error of the operating system */
export async function listen(
  listener: RequestListener,
  address: { readonly port: number; readonly host: string },
): Promise<Listening> {
  const server = createServer(limits, listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? portTaken(address.port, error) : error)
    })
    server.listen(address, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    stopTaking: () => stopTaking(server),
    close: () => close(server),
  }
}

function portTaken(port: number, cause: Error): NotNowError {
  return new NotNowError('port_taken', `Port ${port} is in use already.`, { cause })
}

function stopTaking(server: Server): void {
  server.close()
  server.closeIdleConnections()
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) resolve()
    else server.close(() => resolve())
    server.closeAllConnections()
  })
}
