import type { GoProgram } from '../services/build-go-program.ts'

const broker = { module: 'knative.dev/eventing-rabbitmq', version: 'v0.48.0' }

/** Knative's own programs, at versions whose every dependency the module proxy still has. */
export const platformPrograms: readonly GoProgram[] = [
  { ...broker, name: 'ingress', path: './cmd/ingress' },
  { ...broker, name: 'dispatcher', path: './cmd/dispatcher' },
  { name: 'queue-proxy', module: 'knative.dev/serving', version: 'v0.50.0', path: './cmd/queue' },
  { name: 'func', module: 'knative.dev/func', version: 'v0.49.2', path: './cmd/func' },
]

/** The vectors and features that the CloudEvents project checks its SDKs with. */
export const conformanceModule = 'github.com/cloudevents/conformance@v0.4.1'
