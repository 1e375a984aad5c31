import { existsSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { stackServices } from '../services/service.ts'
import { stopService } from '../services/stop-service.ts'

/** What the stack and its servers keep in the folder; the servers are ended first. */
export async function forget(folder: string): Promise<void> {
  const services = join(folder, 'services')
  for (const name of stackServices) {
    await stopService(name, services)
    // May be a link to where the server's own user gets to.
    const cluster = join(services, name, 'cluster')
    if (existsSync(cluster)) rmSync(realpathSync(cluster), { recursive: true })
    rmSync(join(services, name), { recursive: true, force: true })
  }
  rmSync(join(folder, 'objects'), { recursive: true, force: true })
}
