/** A service cannot be had; the message is for a person and holds no secret. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
}
