import { v5 as uuidv5 } from 'uuid'
import type { BrokerIdentity, TriggerIdentity } from '../../functions/runtime/broker/rabbit/names.ts'
import { listSubscriptions } from '../start/triggers.ts'

/** Kubernetes makes uids at random; here they follow from the names, so that every start finds the same queues. */
const uids = 'c6c7a0de-3d0c-4e08-9d6f-2f5d1f0f5b4e'

/** The broker of `npm run stack`. */
export const localBroker: BrokerIdentity = {
  namespace: 'soccer',
  name: 'default',
  uid: uuidv5('soccer/default', uids),
}

export function identifyTrigger({ name, filter }: Pick<TriggerIdentity, 'name' | 'filter'>): TriggerIdentity {
  return { name, filter, uid: uuidv5(`${localBroker.namespace}/${name}`, uids) }
}

export const localTriggers = (): TriggerIdentity[] => listSubscriptions().map(identifyTrigger)
