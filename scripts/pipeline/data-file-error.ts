/** A file of the data folder that cannot be used; says which, where in it and why. */
export class DataFileError extends Error {
  constructor(file: string, place: { line?: number; column?: string }, why: string, cause?: unknown) {
    const line = place.line === undefined ? '' : `, line ${place.line}`
    const column = place.column === undefined ? '' : `, column ${place.column}`
    super(`${file}${line}${column}: ${why}`, cause === undefined ? undefined : { cause })
    this.name = 'DataFileError'
  }
}

/** Sound files that hold not what the command needs: no match in the period, too few to fit. */
export class DataLackError extends Error {
  constructor(why: string) {
    super(why)
    this.name = 'DataLackError'
  }
}
