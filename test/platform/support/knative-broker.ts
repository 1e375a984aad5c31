import {
  brokerExchange,
  triggerDeadLetterExchange,
  triggerQueue,
} from '../../../functions/runtime/broker/rabbit/names.ts'
import { type BrokerPrograms, patience } from './data-plane.ts'
import { platform } from './platform.ts'
import { freePort, startProgram, untilUp } from './program.ts'

const noFrills = { K_LOGGING_CONFIG: '{}', K_OBSERVABILITY_CONFIG: '{}' }

/** The broker's own programs of eventing-rabbitmq, started as its controller starts them. */
export const knativeBroker: BrokerPrograms = {
  async startIngress({ url: rabbitUrl, broker }) {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/`
    const ingress = startProgram(platform('TEST_PROGRAM_INGRESS'), [], {
      ...noFrills,
      PORT: String(port),
      BROKER_URL: rabbitUrl,
      EXCHANGE_NAME: brokerExchange(broker),
      BROKER_NAME: broker.name,
      BROKER_NAMESPACE: broker.namespace,
    })
    await untilUp(ingress, async () => (await fetch(url)).status === 405)
    return { ...ingress, url }
  },
  startDispatcher(subscription, { url, broker, triggerOf }, ingressUrl) {
    const { retry, backoffDelayMs, timeoutMs, parallelism } = { ...patience, ...subscription }
    const trigger = triggerOf(subscription.name)
    const dispatcher = startProgram(platform('TEST_PROGRAM_DISPATCHER'), [], {
      ...noFrills,
      QUEUE_NAME: triggerQueue(broker, trigger),
      RABBIT_URL: url,
      BROKER_INGRESS_URL: ingressUrl,
      SUBSCRIBER: subscription.url,
      DLX_NAME: triggerDeadLetterExchange(broker, trigger),
      PARALLELISM: String(parallelism),
      RETRY: String(retry),
      BACKOFF_POLICY: 'exponential',
      BACKOFF_DELAY: `${backoffDelayMs}ms`,
      TIMEOUT: `${timeoutMs}ms`,
    })
    return Promise.resolve(dispatcher)
  },
}
