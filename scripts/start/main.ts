import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describeBundle } from './banner.ts'
import { startBundle } from './bundle.ts'
import { help, readOptions } from './options.ts'
import { runCommand, runOrExit } from './run-command.ts'

/** What the embedded stores keep, and nothing else that may lie in the folder. */
function forget(folder: string): void {
  for (const name of ['postgres', 'objects', 'journal', 'dead-letters']) {
    rmSync(join(folder, name), { recursive: true, force: true })
  }
}

await runOrExit(async () => {
  const options = readOptions(process.argv.slice(2))
  if (options.help) return console.log(help)
  await runCommand({
    name: 'soccer',
    options,
    forget,
    start: async (needs) => {
      const bundle = await startBundle(needs)
      return { url: bundle.url, banner: describeBundle(bundle) }
    },
  })
}, 'npm start -- --help')
