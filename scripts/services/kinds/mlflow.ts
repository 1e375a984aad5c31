import { join } from 'node:path'
import { ask } from '../ask.ts'
import { requireMlflow } from '../install-mlflow.ts'
import { findInPath } from '../require-program.ts'
import type { Place, Service } from '../service.ts'
import { requireDatabase } from './postgres.ts'

const database = 'mlflow'
const bucket = 'mlflow'

export const mlflow: Service = {
  title: 'MLflow',
  variable: 'MLFLOW_URL',
  needs: ['postgres', 'minio'],
  ports: ['main'],
  secrets: [],
  startTimeoutMs: 120_000,
  stopSignal: 'SIGTERM',
  killWhenNotDurable: true,
  addressOf: ({ port }) => ({ url: `http://127.0.0.1:${port('main')}`, urls: {} }),
  async prepare(place) {
    const file = findInPath('mlflow', place.environment) ?? (await requireMlflow(place))
    const store = new URL(place.needed('postgres').url)
    await requireDatabase(store.href, database)
    store.pathname = `/${database}`
    return {
      file,
      args: ['server', '--host', '127.0.0.1', '--port', String(place.port('main')), '--workers', '1'],
      variables: {
        HOME: place.folder,
        MLFLOW_BACKEND_STORE_URI: store.href,
        MLFLOW_SERVE_ARTIFACTS: 'true',
        MLFLOW_ARTIFACTS_DESTINATION: `s3://${bucket}`,
        ...objectStore(place),
        // Eight processes for jobs of language models, which nobody has here.
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
        MLFLOW_DISABLE_TELEMETRY: 'true',
        DO_NOT_TRACK: 'true',
        // Its own folder is not among those that every program may write to.
        TMPDIR: place.environment['TMPDIR'] ?? '/tmp',
        PYTHONPYCACHEPREFIX: join(place.folder, 'bytecode'),
      },
    }
  },
  async check({ url }) {
    await ask(new URL('/health', url).href)
    return ask(new URL('/version', url).href)
  },
}

function objectStore(place: Place): Record<string, string> {
  const { origin, username, password } = new URL(place.needed('minio').url)
  return {
    MLFLOW_S3_ENDPOINT_URL: origin,
    AWS_ACCESS_KEY_ID: decodeURIComponent(username),
    AWS_SECRET_ACCESS_KEY: decodeURIComponent(password),
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}
