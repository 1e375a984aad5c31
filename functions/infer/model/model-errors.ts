/** A file of a model that cannot be used: damaged, of another format, or not what the manifest promises. */
export class ModelFileError extends Error {
  readonly file: string

  constructor(file: string, why: string, cause?: unknown) {
    super(`model file ${file}: ${why}`, cause === undefined ? undefined : { cause })
    this.name = 'ModelFileError'
    this.file = file
  }
}

/** A club the model has no ratings of. */
export class UnknownClubError extends Error {
  readonly id: string

  constructor(id: string) {
    super(`the model knows no club ${id}`)
    this.name = 'UnknownClubError'
    this.id = id
  }
}
