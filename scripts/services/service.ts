import type { Environment } from '../../functions/runtime/config/read-config.ts'

export const serviceNames = ['postgres', 'redis', 'rabbitmq', 'minio', 'mlflow', 'selenoid', 'nginx'] as const

export type ServiceName = (typeof serviceNames)[number]

/** What the stack needs. */
export const stackServices: readonly ServiceName[] = ['postgres', 'redis', 'rabbitmq']

/** Where a server answers. Every URL may hold a password. */
export interface Address {
  readonly url: string
  /** Further faces of it, such as management and prometheus. */
  readonly urls: Readonly<Record<string, string>>
}

export interface RunningService extends Address {
  readonly name: ServiceName
  readonly version: string
  /** Absent where the server is not ours. */
  readonly pid: number | undefined
  readonly ours: boolean
  /** Whether the call that gave this started it; false where it ran before. */
  readonly started: boolean
  /** Ends the server, and those it needs that the same call started. Leaves alone what is not ours. */
  stop(): Promise<void>
}

/** What a server of ours keeps over its starts. */
export interface Keys {
  readonly port: (name: string) => number
  readonly secret: (name: string) => string
}

/** Where and how a server of ours is to run. */
export interface Place extends Keys {
  /** Its own; absolute. */
  readonly folder: string
  /** Of all services; absolute. */
  readonly parent: string
  /** False: a crash of the machine may lose the data; a killed server keeps them all the same. */
  readonly durable: boolean
  readonly environment: Environment
  readonly tell: (line: string) => void
  /** Those that `needs` names, running. */
  needed(name: ServiceName): Address
}

export interface Owner {
  readonly uid: number
  readonly gid: number
}

export interface Program {
  readonly file: string
  readonly args: readonly string[]
  /** Beside PATH, HOME and LANG. Secrets go here or into files: anybody can read the arguments of a process. */
  readonly variables?: Readonly<Record<string, string>>
  /** Whom it runs as, when not as ourselves. */
  readonly owner?: Owner | undefined
}

/** One kind of server: how to run it and how to ask it. */
export interface Service {
  readonly title: string
  /** The variable that names a server of somebody else's. */
  readonly variable: string
  readonly needs: readonly ServiceName[]
  /** Names of its ports, each chosen once. */
  readonly ports: readonly string[]
  /** Names of its secrets, each made up once. */
  readonly secrets: readonly string[]
  readonly startTimeoutMs: number
  readonly stopSignal: NodeJS.Signals
  /** A server whose end in peace takes its time is killed where it need not be durable. */
  readonly killWhenNotDurable: boolean
  addressOf(keys: Keys): Address
  /** Further faces of a server that is not ours. */
  givenUrls?(environment: Environment): Readonly<Record<string, string>>
  /** Makes its folder ready. */
  prepare(place: Place): Promise<Program>
  /** Its version; throws unless it answers. */
  check(address: Address): Promise<string>
}
