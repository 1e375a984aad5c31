import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { createServer } from 'node:net'

/**
 * Claims a folder for this process. Two processes writing the same data files would destroy them, and the embedded
 * server itself does not look. The claim is a socket name that the kernel keeps in memory and frees with the
 * process, even a killed one. Only Linux has such names; elsewhere nothing is claimed.
 * @throws Error when another process of this machine has the folder
 */
export async function claimFolder(folder: string): Promise<() => Promise<void>> {
  if (process.platform !== 'linux') return async () => undefined
  const digest = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
  const claim = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    claim.once('error', (error: NodeJS.ErrnoException) => {
      const inUse = `The folder ${folder} is in use by another process.`
      reject(error.code === 'EADDRINUSE' ? new Error(inUse, { cause: error }) : error)
    })
    claim.listen(`\0soccer-${digest.slice(0, 40)}`, resolve)
  })
  claim.unref()
  return () => new Promise((resolve) => void claim.close(() => resolve()))
}
