import { createServer } from 'node:net'

/** Whether nobody listens on the port, on any address. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '::' }, () => probe.close(() => resolve(true)))
  })
}

/** The first `count` free ports from `first` on. */
export async function findFreePorts(first: number, count: number): Promise<number[]> {
  const found: number[] = []
  for (let port = first; port <= 65_535 && found.length < count; port++) {
    if (await isFree(port)) found.push(port)
  }
  if (found.length < count) throw new Error(`there are not ${count} free ports from ${first} on`)
  return found
}
