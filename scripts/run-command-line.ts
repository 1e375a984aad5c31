import { asError, ConfigError } from '../functions/runtime/errors/errors.ts'
import { UsageError } from './usage-error.ts'

interface CommandLine<Options extends { readonly help: boolean }> {
  /** As a person calls it: `npm run replay`. */
  readonly command: string
  readonly help: string
  /** @throws UsageError */
  readonly read: (args: readonly string[]) => Options
  /** @returns the exit code */
  readonly run: (options: Options) => Promise<number>
}

/** Runs a command to its end: exit code 2 on wrong use or settings, 1 when something broke, else what `run` says. */
export async function runCommandLine<Options extends { readonly help: boolean }>({
  command,
  help,
  read,
  run,
}: CommandLine<Options>): Promise<void> {
  try {
    const options = read(process.argv.slice(2))
    if (options.help) console.log(help)
    else process.exitCode = await run(options)
  } catch (thrown) {
    console.error(messageOf(asError(thrown)))
    if (thrown instanceof UsageError) console.error(`${command} -- --help says how.`)
    process.exitCode = thrown instanceof UsageError || thrown instanceof ConfigError ? 2 : 1
  }
}

/** What is thrown for people has a message for them; what the language throws is a defect of ours. */
function messageOf(error: Error): string {
  const isDefect =
    error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError
  return isDefect ? (error.stack ?? error.message) : error.message
}
