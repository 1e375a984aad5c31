import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Gives every test of the calling suite a folder of its own, gone afterwards. Call inside `describe`. */
export function useTemporaryFolder(): (...names: string[]) => string {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'soccer-test-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  return (...names) => join(folder, ...names)
}
