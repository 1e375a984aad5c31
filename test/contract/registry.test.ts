import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFolderRegistry } from '../../functions/runtime/registry/folder-registry.ts'
import { describeRegistry } from './registry.ts'

const folders: string[] = []

describeRegistry('folder', (models) => {
  const root = mkdtempSync(join(tmpdir(), 'soccer-registry-'))
  folders.push(root)
  for (const [alias, files] of Object.entries(models)) {
    mkdirSync(join(root, alias))
    for (const [file, text] of Object.entries(files)) writeFileSync(join(root, alias, file), text)
  }
  return Promise.resolve(openFolderRegistry(root))
})

after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true })
})
