import { UsageError } from '../usage-error.ts'
import { DataFileError, DataLackError } from './data-file-error.ts'
import { parseCommand, usage } from './parse-command.ts'
import { runCommand } from './run-command.ts'

/** Exit codes: 0 done, 1 the data cannot be used, 2 the command line cannot be understood. */
async function main(words: readonly string[]): Promise<number> {
  try {
    const command = parseCommand(words)
    if (command.name === 'help') process.stdout.write(usage)
    else await runCommand(command)
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\n${usage}`)
      return 2
    }
    if (error instanceof DataFileError || error instanceof DataLackError) {
      process.stderr.write(`${error.message}\n`)
      return 1
    }
    throw error
  }
}

process.exitCode = await main(process.argv.slice(2))
