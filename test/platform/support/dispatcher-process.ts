import { z } from 'zod'
import { openRabbitDispatcher } from '../../../functions/runtime/broker/rabbit/rabbit-dispatcher.ts'
import { deliverOverHttp } from '../../../functions/runtime/http/deliver-event.ts'
import { publishToSink } from '../../../functions/runtime/http/publish-to-sink.ts'
import { recordLog } from '../../support/recorded-log.ts'
import { patience } from './data-plane.ts'

/** Our dispatcher in a process of its own, to be killed; all it needs is in DISPATCHER, as JSON. */

const needs = z.object({
  url: z.string(),
  queue: z.string(),
  deadLetterExchange: z.string(),
  subscriberUrl: z.string(),
  ingressUrl: z.string(),
})
const { subscriberUrl, ingressUrl, ...address } = needs.parse(JSON.parse(process.env['DISPATCHER'] ?? ''))

const dispatcher = await openRabbitDispatcher({
  ...address,
  trigger: {
    ...patience,
    name: 'asked',
    filter: {},
    backoffPolicy: 'exponential',
    deliver: deliverOverHttp(subscriberUrl),
  },
  publish: publishToSink(ingressUrl, 5_000),
  log: recordLog(),
})

process.once('SIGTERM', () => {
  dispatcher.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
