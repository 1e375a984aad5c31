/** A server that the tests talk to. */
export interface TestServer {
  readonly url: string
  stop(): Promise<void>
}
