import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ask } from '../ask.ts'
import { type GoProgram, requireGoProgram } from '../build-go-program.ts'
import { findInPath } from '../require-program.ts'
import type { Address, Service } from '../service.ts'

const build: GoProgram = {
  name: 'minio',
  module: 'github.com/minio/minio',
  version: 'v0.0.0-20260212201848-7aac2a2c5b7c',
  path: '.',
}

/** Buckets that are there from the start. */
const buckets = ['soccer', 'mlflow']

/** The URL is the endpoint with the access key and the secret key as user and password. */
export const minio: Service = {
  title: 'MinIO',
  variable: 'S3_URL',
  needs: [],
  ports: ['main'],
  secrets: ['key', 'password'],
  startTimeoutMs: 60_000,
  stopSignal: 'SIGTERM',
  killWhenNotDurable: true,
  addressOf: ({ port, secret }) => ({
    url: `http://${secret('key').slice(0, 20)}:${secret('password')}@127.0.0.1:${port('main')}`,
    urls: { prometheus: `http://127.0.0.1:${port('main')}/minio/v2/metrics/cluster` },
  }),
  async prepare(place) {
    const file = findInPath('minio', place.environment) ?? (await requireGoProgram(build, place))
    const data = join(place.folder, 'data')
    // On one drive a bucket is a folder.
    for (const bucket of buckets) mkdirSync(join(data, bucket), { recursive: true })
    const certificates = join(place.folder, 'certificates')
    const address = `127.0.0.1:${place.port('main')}`
    return {
      file,
      args: ['server', '--quiet', '--address', address, '--certs-dir', certificates, data],
      variables: {
        HOME: place.folder,
        MINIO_ROOT_USER: place.secret('key').slice(0, 20),
        MINIO_ROOT_PASSWORD: place.secret('password'),
        MINIO_BROWSER: 'off',
        MINIO_UPDATE: 'off',
        MINIO_CALLHOME_ENABLE: 'off',
        MINIO_PROMETHEUS_AUTH_TYPE: 'public',
      },
    }
  },
  check,
}

async function check({ url }: Address): Promise<string> {
  const endpoint = new URL('/minio/health/live', url)
  endpoint.username = ''
  endpoint.password = ''
  await ask(endpoint.href)
  // It tells its version only to those who sign their questions.
  return ''
}
