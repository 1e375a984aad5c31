import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { existing, findInPath, requireProgram } from '../require-program.ts'
import type { Place, Service } from '../service.ts'
import { ServiceError } from '../service-error.ts'

const upstream = z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:8080')

const timeoutMs = 3_000
const healthPath = '/health/proxy'

/** A reverse proxy to NGINX_UPSTREAM. */
export const nginx: Service = {
  title: 'nginx',
  variable: 'NGINX_URL',
  needs: [],
  ports: ['main'],
  secrets: [],
  startTimeoutMs: 15_000,
  stopSignal: 'SIGTERM',
  killWhenNotDurable: false,
  addressOf: ({ port }) => ({ url: `http://127.0.0.1:${port('main')}`, urls: {} }),
  prepare(place) {
    const find = () => findInPath('nginx', place.environment) ?? existing('/usr/sbin/nginx')
    const file = requireProgram(find, ['nginx'])
    const settings = join(place.folder, 'nginx.conf')
    mkdirSync(join(place.folder, 'temporary'), { recursive: true })
    writeFileSync(settings, describe(place))
    return Promise.resolve({ file, args: ['-p', place.folder, '-e', 'stderr', '-c', settings] })
  },
  async check({ url }) {
    // Any answer will do: a proxy that is not ours may know no such path.
    const { headers } = await fetch(new URL(healthPath, url), {
      method: 'HEAD',
      signal: AbortSignal.timeout(timeoutMs),
    })
    return headers.get('server')?.replace('nginx/', '') ?? ''
  },
}

function describe(place: Place): string {
  const to = upstream.safeParse(place.environment['NGINX_UPSTREAM'] || undefined)
  if (!to.success) throw new ServiceError('NGINX_UPSTREAM is no http address.')
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off;
worker_processes 1;
pid "${place.folder}/nginx.pid";
events { worker_connections 256; }
http {
  access_log off;
  ${kinds.map((kind) => `${kind}_temp_path "${place.folder}/temporary/${kind}";`).join('\n  ')}
  # Bodies stay in memory: as root, the worker is a user who does not get into this folder.
  client_max_body_size 1m;
  client_body_buffer_size 1m;
  proxy_max_temp_file_size 0;
  server {
    listen 127.0.0.1:${place.port('main')};
    location = ${healthPath} { return 204; }
    location / {
      proxy_pass ${new URL(to.data).origin};
      proxy_http_version 1.1;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
    }
  }
}
`
}
