import { readOptions, type StartOptions, help as startHelp } from '../start/options.ts'

const [, startOptions = ''] = startHelp.split('npm start -- [options]\n')

export const help = `Runs the whole bundle on this machine as the cluster does: predict, scrape and infer, the broker's ingress and its
dispatchers, each in a process of its own, over RabbitMQ, PostgreSQL and Redis (npm run services starts what is missing).

  npm run stack -- [options]

  --no-watch    do not start a function again when its files change
${startOptions.trimStart().replace(/^/, '  ')}`

export interface StackOptions extends StartOptions {
  readonly watch: boolean
}

/** @throws UsageError */
export function readStackOptions(args: readonly string[]): StackOptions {
  const rest = args.filter((arg) => arg !== '--no-watch')
  return { ...readOptions(rest), watch: rest.length === args.length }
}
