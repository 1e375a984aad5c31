import { createServer, connect as dial, type Socket } from 'node:net'

/** A wire to the server that can be cut. */
export async function openWire(url: string) {
  const target = new URL(url)
  const { port, hostname } = target
  const sockets = new Set<Socket>()
  let whole = true
  const server = createServer((near) => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = dial(Number(port), hostname)
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
    }
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  target.port = String(address.port)
  target.hostname = '127.0.0.1'
  return {
    url: target.href,
    cut: () => {
      whole = false
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
    mend: () => void (whole = true),
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
