import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Migration {
  /** From 1, without gaps. */
  readonly number: number
  readonly name: string
  readonly sql: string
  /** Of the file's bytes, in hexadecimal. */
  readonly sha256: string
}

const fileName = /^(\d{6})-([a-z0-9]+(?:-[a-z0-9]+)*)\.sql$/

/** The `NNNNNN-name.sql` files of a folder in order. @throws Error that names a wrong file, a gap or a double number */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder)
  const files = entries.filter((entry) => entry.endsWith('.sql')).toSorted()
  return Promise.all(
    files.map(async (file, index) => {
      const [, digits, name = ''] = fileName.exec(file) ?? []
      if (digits === undefined)
        throw new Error(`The migration ${file} must be named like 000001-what-it-does.sql.`)
      const number = Number(digits)
      if (number !== index + 1) throw new Error(wrongNumber(file, number, index))
      const bytes = await readFile(join(folder, file))
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return { number, name, sql: bytes.toString('utf8'), sha256 }
    }),
  )
}

function wrongNumber(file: string, number: number, index: number): string {
  const expected = String(index + 1).padStart(6, '0')
  return number > index
    ? `The migration ${expected} is missing: ${file} comes in its place.`
    : `The migration ${file} has a number that another file has already.`
}
