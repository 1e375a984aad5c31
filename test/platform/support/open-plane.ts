import { localBroker } from '../../../scripts/stack/local-broker.ts'
import { eventually } from '../../support/eventually.ts'
import {
  type BrokerPrograms,
  type DataPlane,
  openRabbitHouse,
  type RabbitHouse,
  type RunningPart,
  type Subscription,
} from './data-plane.ts'
import { knativeBroker } from './knative-broker.ts'
import { ourBroker, ourBrokerInProcesses } from './our-broker.ts'

export interface Plane extends DataPlane {
  readonly house: RabbitHouse
  /** Ends the dispatcher of a trigger as a node that goes away does. */
  killDispatcher(trigger: string): Promise<void>
  startDispatcher(trigger: string): Promise<void>
}

const brokers = { knative: knativeBroker, ours: ourBroker, 'ours in processes': ourBrokerInProcesses }
type Whose = keyof typeof brokers

/** Either broker's programs understand the other's messages. */
export const openPlane =
  ({ ingress, dispatchers }: { readonly ingress: Whose; readonly dispatchers: Whose }) =>
  (subscriptions: readonly Subscription[]): Promise<Plane> =>
    open(subscriptions, { ...brokers[dispatchers], startIngress: brokers[ingress].startIngress })

async function open(subscriptions: readonly Subscription[], programs: BrokerPrograms): Promise<Plane> {
  const house = await openRabbitHouse(localBroker, subscriptions)
  const ingress = await programs.startIngress(house)
  const dispatchers = new Map<string, RunningPart>()
  const dispatcherOf = (name: string) => {
    const dispatcher = dispatchers.get(name)
    if (!dispatcher) throw new Error(`there is no dispatcher of ${name}`)
    return dispatcher
  }
  const startDispatcher = async (name: string) => {
    const subscription = subscriptions.find((one) => one.name === name)
    if (!subscription) throw new Error(`there is no subscription ${name}`)
    dispatchers.set(name, await programs.startDispatcher(subscription, house, ingress.url))
    await eventually(async () => (await house.consumers(name)) === 1, 20_000)
  }
  await Promise.all(subscriptions.map(({ name }) => startDispatcher(name)))
  return {
    house,
    ingressUrl: ingress.url,
    deadLetters: (trigger) => house.deadLetters(trigger),
    startDispatcher,
    killDispatcher: (trigger) => dispatcherOf(trigger).kill(),
    async endDispatcher(trigger) {
      await dispatcherOf(trigger).stop()
      return house.left(trigger)
    },
    async close() {
      // Not asked to drain: nothing is under way that a test still waits for.
      await Promise.all([ingress, ...dispatchers.values()].map((part) => part.kill()))
      await house.close()
    },
  }
}
