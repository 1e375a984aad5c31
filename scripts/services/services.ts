import { minio } from './kinds/minio.ts'
import { mlflow } from './kinds/mlflow.ts'
import { nginx } from './kinds/nginx.ts'
import { postgres } from './kinds/postgres.ts'
import { rabbitmq } from './kinds/rabbitmq.ts'
import { redis } from './kinds/redis.ts'
import { selenoid } from './kinds/selenoid.ts'
import type { Service, ServiceName } from './service.ts'

export const services: Readonly<Record<ServiceName, Service>> = {
  postgres,
  redis,
  rabbitmq,
  minio,
  mlflow,
  selenoid,
  nginx,
}
