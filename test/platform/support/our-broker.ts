import { join } from 'node:path'
import { triggerDeadLetterExchange, triggerQueue } from '../../../functions/runtime/broker/rabbit/names.ts'
import { openRabbitDispatcher } from '../../../functions/runtime/broker/rabbit/rabbit-dispatcher.ts'
import { deliverOverHttp } from '../../../functions/runtime/http/deliver-event.ts'
import { publishToSink } from '../../../functions/runtime/http/publish-to-sink.ts'
import { recordLog } from '../../support/recorded-log.ts'
import { root } from '../../support/running-bundle.ts'
import { type BrokerPrograms, patience } from './data-plane.ts'
import { freePort, startProgram, untilUp } from './program.ts'

/** The ingress of `npm run stack` in its process, and our dispatchers in this one. */
export const ourBroker: BrokerPrograms = {
  startIngress: async ({ url: rabbitUrl }) => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/`
    const ingress = startProgram(process.execPath, [join(root, 'scripts/stack/ingress.ts')], {
      PORT: String(port),
      RABBITMQ_URL: rabbitUrl,
      LOG_LEVEL: 'warn',
    })
    await untilUp(ingress, async () => (await fetch(new URL('/health/readiness', url))).ok)
    return { ...ingress, url }
  },
  async startDispatcher({ url: subscriberUrl, ...given }, { url, broker, triggerOf }, ingressUrl) {
    const identity = triggerOf(given.name)
    const dispatcher = await openRabbitDispatcher({
      url,
      queue: triggerQueue(broker, identity),
      deadLetterExchange: triggerDeadLetterExchange(broker, identity),
      trigger: {
        ...patience,
        ...given,
        backoffPolicy: 'exponential',
        deliver: deliverOverHttp(subscriberUrl),
      },
      publish: publishToSink(ingressUrl, 5_000),
      log: recordLog(),
      closeTimeoutMs: 1_000,
    })
    return { stop: () => dispatcher.close(), kill: () => dispatcher.close() }
  },
}

/** The same with each dispatcher in a process of its own, so that it can be killed. */
export const ourBrokerInProcesses: BrokerPrograms = {
  startIngress: ourBroker.startIngress,
  startDispatcher({ name, url: subscriberUrl }, { url, broker, triggerOf }, ingressUrl) {
    const identity = triggerOf(name)
    const queue = triggerQueue(broker, identity)
    const deadLetterExchange = triggerDeadLetterExchange(broker, identity)
    const needs = JSON.stringify({ url, queue, deadLetterExchange, subscriberUrl, ingressUrl })
    const file = join(root, 'test/platform/support/dispatcher-process.ts')
    return Promise.resolve(startProgram(process.execPath, [file], { DISPATCHER: needs }))
  },
}
