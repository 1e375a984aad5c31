import { z } from 'zod'
import {
  brokerExchange,
  triggerDeadLetterExchange,
  triggerQueue,
} from '../../functions/runtime/broker/rabbit/names.ts'
import { openRabbitDispatcher } from '../../functions/runtime/broker/rabbit/rabbit-dispatcher.ts'
import { openRabbitPublisher } from '../../functions/runtime/broker/rabbit/rabbit-publisher.ts'
import { readConfig } from '../../functions/runtime/config/read-config.ts'
import { deliverOverHttp } from '../../functions/runtime/http/deliver-event.ts'
import { functionNames, listSubscriptions } from '../start/triggers.ts'
import { identifyTrigger, localBroker } from './local-broker.ts'
import { type PartContext, partVariables, startPart } from './part.ts'

const variables = z.object({
  ...partVariables,
  /** The function whose triggers are seen to. */
  SUBSCRIBER: z.enum(functionNames),
  SUBSCRIBER_URL: z.url(),
})

/** Takes events from the queues of one function's triggers and delivers them: Knative has a process for each trigger. */
async function start(config: z.infer<typeof variables>, { log, lifecycle }: PartContext): Promise<void> {
  const { RABBITMQ_URL: url, SUBSCRIBER: name, SUBSCRIBER_URL: subscriberUrl } = config
  const publisher = await openRabbitPublisher({ url, exchange: brokerExchange(localBroker), log })
  lifecycle.onStop('publisher', () => publisher.close())
  const deliver = deliverOverHttp(subscriberUrl)
  for (const { subscriber, ...patient } of listSubscriptions()) {
    if (subscriber !== name) continue
    const identity = identifyTrigger(patient)
    const dispatcher = await openRabbitDispatcher({
      url,
      queue: triggerQueue(localBroker, identity),
      deadLetterExchange: triggerDeadLetterExchange(localBroker, identity),
      trigger: { ...patient, deliver },
      publish: publisher.publish,
      log,
    })
    lifecycle.onStop(patient.name, () => dispatcher.close())
  }
}

await startPart('dispatcher', (environment) => readConfig(variables, environment), start)
