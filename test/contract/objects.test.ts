import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFolderObjects } from '../../functions/runtime/objects/folder-objects.ts'
import { describeObjects } from './objects.ts'

const folders: string[] = []

describeObjects('folder', (maxBytes) => {
  const folder = mkdtempSync(join(tmpdir(), 'soccer-objects-'))
  folders.push(folder)
  return Promise.resolve(openFolderObjects(folder, { maxBytes }))
})

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})
