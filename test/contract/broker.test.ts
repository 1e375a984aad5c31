import { createMemoryBroker } from '../../functions/runtime/broker/memory-broker.ts'
import type { Event } from '../../functions/runtime/broker/publisher.ts'
import { openRabbitBroker } from '../support/rabbit-broker.ts'
import { recordLog } from '../support/recorded-log.ts'
import { describeBroker } from './broker.ts'

describeBroker('memory', (triggers) => {
  const letters: Event[] = []
  const journal = { append: () => Promise.resolve() }
  const deadLetters = {
    append: (event: Event) => {
      letters.push(event)
      return Promise.resolve()
    },
  }
  const { publish, close } = createMemoryBroker({ triggers, journal, deadLetters, log: recordLog() })
  return Promise.resolve({ publish, close, deadLetters: () => Promise.resolve(letters) })
})

describeBroker('RabbitMQ', openRabbitBroker)
