import { join } from 'node:path'
import { runCommand, runOrExit } from '../start/run-command.ts'
import { forget } from './forget.ts'
import { help, readStackOptions } from './options.ts'
import { type Stack, startStack } from './stack.ts'

function describeStack({ addresses, site, processes, folder }: Stack): string {
  const { predict, scrape, infer } = addresses.functions
  const pids = processes.map((one) => `${one.plan.name} ${one.pid()}`).join(', ')
  return [
    '',
    `Football predictions at ${predict}`,
    '',
    `  scrape   ${scrape}   infer ${infer}   broker ingress ${addresses.ingress}   reads ${site}`,
    `  servers  npm run services -- status --folder ${join(folder, 'services')}`,
    `  pids     ${pids}`,
    '',
    '  Ctrl-C ends it.',
    '',
  ].join('\n')
}

await runOrExit(async () => {
  const options = readStackOptions(process.argv.slice(2))
  if (options.help) return console.log(help)
  await runCommand({
    name: 'stack',
    options,
    forget,
    start: async (needs) => {
      const stack = await startStack({ ...needs, watch: options.watch, print: (line) => console.log(line) })
      return { url: stack.addresses.functions.predict, banner: describeStack(stack) }
    },
  })
}, 'npm run stack -- --help')
