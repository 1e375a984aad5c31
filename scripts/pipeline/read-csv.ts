import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { CsvError, parse } from 'csv-parse/sync'
import { z } from 'zod'
import { DataFileError } from './data-file-error.ts'

/** One row while it is read. Each call names a column and says what its text must be. */
export interface CsvRow {
  readonly line: number
  text(column: string): string
  /** A whole number from `least` to `most`. */
  whole(column: string, least: number, most: number): number
  /** A number above 0, or NaN where the cell is empty. */
  positiveOrUnknown(column: string): number
  /** A number from 0 on, or NaN where the cell is empty. */
  countOrUnknown(column: string): number
  fail(column: string, why: string): never
}

const headerSchema = z.array(z.string().min(1)).min(1)

/**
 * Hands each row of `<name>.csv.gz`, or of `<name>.csv`, to `visit`. Columns not asked for are not looked at. The header
 * goes through a schema; cells through the typed calls of `CsvRow`, so that half a million rows make no object each.
 * @throws DataFileError missing or damaged file, missing column, wrong number of cells, cell that is not what was asked
 */
export async function readCsv(
  folder: string,
  name: string,
  columns: readonly string[],
  visit: (row: CsvRow) => void,
): Promise<number> {
  const { file, bytes } = await readTable(folder, name)
  let reader: RowReader | undefined
  let rows = 0
  const onRecord = (cells: string[], line: number) => {
    if (!reader) {
      reader = new RowReader(file, indexColumns(file, cells, columns))
      return null
    }
    reader.cells = cells
    reader.line = line
    visit(reader)
    rows += 1
    return null
  }
  try {
    parse(bytes, { bom: true, on_record: (record: string[], context) => onRecord(record, context.lines) })
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const { lines } = error as { lines?: number }
    throw new DataFileError(file, lines === undefined ? {} : { line: lines }, error.message, error)
  }
  if (!reader) throw new DataFileError(file, {}, 'the file is empty')
  return rows
}

/** Whether the folder holds the table, packed or plain. */
export async function hasTable(folder: string, name: string): Promise<boolean> {
  const files: string[] = await readdir(folder).catch(() => [])
  return [`${name}.csv.gz`, `${name}.csv`].some((file) => files.includes(file))
}

async function readTable(folder: string, name: string): Promise<{ file: string; bytes: Buffer }> {
  for (const file of [`${name}.csv.gz`, `${name}.csv`]) {
    const bytes = await readIfPresent(join(folder, file))
    if (bytes) return { file, bytes: file.endsWith('.gz') ? unpack(file, bytes) : bytes }
  }
  throw new DataFileError(`${name}.csv.gz`, {}, `not found in ${folder} (nor ${name}.csv)`)
}

/** @returns undefined where there is no such file */
async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new DataFileError(basename(path), {}, 'cannot be read', error)
  }
}

function unpack(file: string, bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes)
  } catch (error) {
    throw new DataFileError(file, {}, 'is damaged or no gzip file', error)
  }
}

function indexColumns(file: string, header: string[], columns: readonly string[]): Map<string, number> {
  const names = headerSchema.safeParse(header)
  if (!names.success) throw new DataFileError(file, { line: 1 }, 'the header has an empty column name')
  const missing = columns.filter((column) => !names.data.includes(column))
  if (missing.length > 0) throw new DataFileError(file, { line: 1 }, `the header lacks ${missing.join(', ')}`)
  return new Map(names.data.map((column, at) => [column, at]))
}

class RowReader implements CsvRow {
  cells: string[] = []
  line = 1
  readonly #file: string
  readonly #places: ReadonlyMap<string, number>

  constructor(file: string, places: ReadonlyMap<string, number>) {
    this.#file = file
    this.#places = places
  }

  text(column: string): string {
    return this.#cell(column) || this.fail(column, 'is empty')
  }

  whole(column: string, least: number, most: number): number {
    const cell = this.#cell(column)
    const value = cell === '' ? NaN : Number(cell)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    return this.fail(column, `"${cell}" is not a whole number from ${least} to ${most}`)
  }

  positiveOrUnknown(column: string): number {
    const cell = this.#cell(column)
    if (cell === '') return NaN
    const value = Number(cell)
    return value > 0 && value < Infinity ? value : this.fail(column, `"${cell}" is not a number above 0`)
  }

  countOrUnknown(column: string): number {
    const cell = this.#cell(column)
    if (cell === '') return NaN
    const value = Number(cell)
    return value >= 0 && value < Infinity ? value : this.fail(column, `"${cell}" is not a number from 0 on`)
  }

  fail(column: string, why: string): never {
    throw new DataFileError(this.#file, { line: this.line, column }, why)
  }

  #cell(column: string): string {
    return this.cells[this.#places.get(column) ?? -1] ?? ''
  }
}
