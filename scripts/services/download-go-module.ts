import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { ServiceError } from './service-error.ts'

const timeoutMs = 10 * 60_000
const downloaded = z.object({ Dir: z.string().min(1) })

/**
 * The folder of a module (`path@version`) in Go's own cache, checked against the sum database.
 * @throws ServiceError, also where there is no go
 */
export async function downloadGoModule(module: string, environment: Environment): Promise<string> {
  try {
    // Outside every module: a go.mod of the calling folder has no say.
    const options = { cwd: '/', env: environment, timeout: timeoutMs }
    const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', module], options)
    return downloaded.parse(JSON.parse(stdout)).Dir
  } catch (thrown) {
    const error = asError(thrown) as NodeJS.ErrnoException & { stdout?: string }
    if (error.code === 'ENOENT') {
      throw new ServiceError(`go is needed in PATH for ${module} (https://go.dev/dl).`)
    }
    const said = /"Error": "([^"]*)"/.exec(error.stdout ?? '')?.[1]
    throw new ServiceError(`${module} cannot be downloaded: ${said ?? error.message}`)
  }
}
