import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { asError } from '../../functions/runtime/errors/errors.ts'
import { ServiceError } from '../services/service-error.ts'

const timeoutMs = 10 * 60_000
const downloaded = z.object({ Dir: z.string().min(1) })

/**
 * The folder of a module (`path@version`) in Go's own cache, checked against the sum database.
 * @throws ServiceError
 */
export async function downloadGoModule(module: string, environment: Environment): Promise<string> {
  try {
    // Outside every module: a go.mod of the calling folder has no say.
    const options = { cwd: '/', env: environment, timeout: timeoutMs }
    const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', module], options)
    return downloaded.parse(JSON.parse(stdout)).Dir
  } catch (thrown) {
    const error = asError(thrown) as NodeJS.ErrnoException
    const why = error.code === 'ENOENT' ? 'go is needed in PATH (https://go.dev/dl)' : error.message
    throw new ServiceError(`${module} cannot be downloaded: ${why}`)
  }
}
