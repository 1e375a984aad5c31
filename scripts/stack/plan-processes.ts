import type { Environment } from '../../functions/runtime/config/read-config.ts'
import { type FunctionName, functionNames } from '../start/triggers.ts'
import type { ProcessPlan } from './supervised-process.ts'

/** Where the parts of a stack answer. */
export interface StackAddresses {
  readonly functions: Readonly<Record<FunctionName, string>>
  readonly ingress: string
}

interface Needs {
  readonly addresses: StackAddresses
  /** What every process gets: stores, broker, site, log. */
  readonly environment: Environment
  /** Address predict listens on. */
  readonly host: string
}

/**
 * The processes of a stack, as the cluster has them, in the order of their start; there, a dispatcher sees to one
 * trigger, here to one function's.
 */
export function planProcesses({ addresses, environment, host }: Needs): ProcessPlan[][] {
  const at = (name: string, file: string, url: string, more: Environment): ProcessPlan => ({
    name,
    file,
    environment: { ...environment, PORT: new URL(url).port, HOST: '127.0.0.1', ...more },
    isReady: () => answers(`${url}/health/readiness`),
  })
  const { functions, ingress } = addresses
  const planFunction = (name: FunctionName, more: Environment = {}) =>
    at(name, `functions/${name}/index.ts`, functions[name], { K_SINK: ingress, ...more })
  const planDispatcher = (name: FunctionName): ProcessPlan => ({
    name: `dispatch-${name}`,
    file: 'scripts/stack/dispatcher.ts',
    environment: { ...environment, SUBSCRIBER: name, SUBSCRIBER_URL: functions[name] },
    isReady: (said) => Promise.resolve(said.some((line) => line.includes('"ready"'))),
  })
  return [
    [at('ingress', 'scripts/stack/ingress.ts', ingress, {})],
    [planFunction('infer'), planFunction('scrape')],
    functionNames.map(planDispatcher),
    [planFunction('predict', { HOST: host })],
  ]
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
