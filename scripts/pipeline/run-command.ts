import { writeFile } from 'node:fs/promises'
import { buildChampion } from './build-champion.ts'
import { evaluate } from './evaluate.ts'
import { readWords } from './label-clubs.ts'
import type { EvaluateCommand, TrainCommand } from './parse-command.ts'
import { readMatches } from './read-matches.ts'
import { buildReport, formatPredictions, formatReport } from './report.ts'
import { storeChampion } from './store-champion.ts'

/** Hand-written words about clubs lie beside the code. */
const wordsFolder = new URL('./', import.meta.url)

/**
 * Runs a command; its result goes to stdout.
 * @throws DataFileError, DataLackError
 */
export async function runCommand(command: EvaluateCommand | TrainCommand): Promise<void> {
  const words = await readWords(wordsFolder)
  tell(`reading ${command.data}`)
  const need = command.name === 'evaluate' && command.mode === 'R' ? 'if present' : 'required'
  const table = await readMatches(command.data, need, words.merged)
  tell(`${table.rows.results} matches, statistics of ${table.rows.statistics}`)
  if (command.name === 'train') {
    const files = await buildChampion(table, words)
    await storeChampion(command.out, files)
    process.stdout.write(
      `${command.out}: ${Object.entries(files)
        .map(([name, bytes]) => `${name} ${bytes.length} bytes`)
        .join(', ')}\n`,
    )
    return
  }
  const evaluation = evaluate(table, command.mode, command.from, command.to)
  if (command.predictions !== undefined) {
    await writeFile(command.predictions, formatPredictions(table.ids, evaluation))
    tell(`${evaluation.matches.count} forecasts in ${command.predictions}`)
  }
  const report = buildReport(evaluation)
  process.stdout.write(command.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report))
}

function tell(progress: string): void {
  process.stderr.write(`${progress}\n`)
}
