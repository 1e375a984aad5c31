import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from '../../support/running-bundle.ts'
import { openNetworkNamespace } from './network-namespace.ts'
import { platform } from './platform.ts'
import { type Program, startProgram, untilUp } from './program.ts'

/** A pod of Knative Serving without Kubernetes: queue-proxy and a function that share a network. */
export interface Pod {
  /** Where requests from outside arrive. */
  readonly url: string
  /** Kubernetes asks here before it stops the function; answers once queue-proxy has drained. */
  readonly waitForDrainUrl: string
  readonly proxy: Program
  /** The function; started by the caller's wish only. */
  startFunction(file: string, args: readonly string[], variables?: Readonly<Record<string, string>>): Program
  /** As the activator and the kubelet ask: whether queue-proxy finds the function ready, which it awaits for 10 s. */
  probe(): Promise<number>
  close(): Promise<void>
}

/** The port that Knative gives to a function. */
export const userPort = '8080'

const asActivator = { 'user-agent': 'Knative-Activator-Probe', 'k-network-probe': 'queue' }

interface Limits {
  /** 0 is no limit. */
  readonly containerConcurrency?: number
  readonly timeoutSeconds?: number
}

export async function openPod({ containerConcurrency = 0, timeoutSeconds = 300 }: Limits): Promise<Pod> {
  const namespace = openNetworkNamespace()
  const folder = mkdtempSync(join(tmpdir(), 'soccer-pod-'))
  const [command = '', ...enter] = namespace.enter
  const programs: Program[] = []
  const start = (program: readonly string[], variables: Readonly<Record<string, string>>) => {
    const started = startProgram(command, [...enter, ...program], variables)
    programs.push(started)
    return started
  }
  const url = `http://${namespace.address}:8012/`
  const proxy = start([platform('TEST_PROGRAM_QUEUE_PROXY')], {
    CONTAINER_CONCURRENCY: String(containerConcurrency),
    REVISION_TIMEOUT_SECONDS: String(timeoutSeconds),
    QUEUE_SERVING_PORT: '8012',
    QUEUE_SERVING_TLS_PORT: '8112',
    USER_PORT: userPort,
    SERVING_READINESS_PROBE: JSON.stringify({
      httpGet: { path: '/health/readiness', port: Number(userPort), host: '127.0.0.1', scheme: 'HTTP' },
      successThreshold: 1,
    }),
    SERVING_LOGGING_CONFIG: '',
    SERVING_LOGGING_LEVEL: 'error',
    SERVING_NAMESPACE: 'soccer',
    SERVING_SERVICE: 'function',
    SERVING_CONFIGURATION: 'function',
    SERVING_REVISION: 'function-00001',
    SERVING_POD: 'function-00001-pod',
    SERVING_POD_IP: namespace.address,
  })
  const close = async () => {
    await Promise.all(programs.map((program) => program.kill()))
    namespace.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const probe = async () => {
    const answer = await fetch(url, { headers: asActivator })
    await answer.body?.cancel()
    return answer.status
  }
  try {
    // Without a function it answers 502 itself; a probe would wait for the function.
    await untilUp(proxy, async () => (await fetch(url)).status === 502)
  } catch (thrown) {
    await close()
    throw thrown
  }
  return {
    url,
    waitForDrainUrl: `http://${namespace.address}:8022/wait-for-drain`,
    proxy,
    probe,
    close,
    startFunction: (file, args, variables = {}) =>
      start([process.execPath, join(root, file), ...args], {
        PORT: userPort,
        LOG_LEVEL: 'warn',
        DATA_DIR: folder,
        MODEL_DIR: join(root, 'models'),
        ...variables,
      }),
  }
}
