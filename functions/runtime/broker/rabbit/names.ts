import { createHash } from 'node:crypto'

/** A broker as Kubernetes knows it. */
export interface BrokerIdentity {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

/** A trigger of that broker, in its namespace. */
export interface TriggerIdentity {
  readonly name: string
  readonly uid: string
  /** Exact-match filter on context attributes. */
  readonly filter: Readonly<Record<string, string>>
}

/*
 * What eventing-rabbitmq v0.48 calls its exchanges and queues, so that our programs and its own serve one broker:
 * https://github.com/knative-extensions/eventing-rabbitmq/blob/v0.48.0/pkg/rabbitmqnaming/naming.go
 */

export const brokerExchange = ({ namespace, name, uid }: BrokerIdentity): string =>
  childName(`b.${namespace}.${name}.`, uid)

export const brokerDeadLetterExchange = ({ namespace, name, uid }: BrokerIdentity): string =>
  childName(`b.${namespace}.${name}.dlx.`, uid)

export const brokerDeadLetterQueue = ({ namespace, name, uid }: BrokerIdentity): string =>
  childName(`b.${namespace}.${name}.dlq.`, uid)

/** The one name that is never shortened. */
export const triggerQueue = ({ namespace, uid }: BrokerIdentity, { name }: TriggerIdentity): string =>
  `${namespace}.${name}.${uid}`

export const triggerPolicy = ({ namespace }: BrokerIdentity, { name, uid }: TriggerIdentity): string =>
  childName(`t.${namespace}.${name}.`, uid)

export const triggerDeadLetterExchange = (
  { namespace }: BrokerIdentity,
  { name, uid }: TriggerIdentity,
): string => childName(`t.${namespace}.${name}.dlx.`, uid)

export const triggerDeadLetterQueue = (
  { namespace }: BrokerIdentity,
  { name, uid }: TriggerIdentity,
): string => childName(`t.${namespace}.${name}.dlq.`, uid)

/** Ours: the stream that keeps every event of the broker. */
export const journalQueue = ({ namespace, name }: BrokerIdentity): string => `journal.${namespace}.${name}`

const longest = 63
const hashLength = 32
const head = longest - hashLength

/** As `kmeta.ChildName` of knative.dev/pkg: what Kubernetes finds too long is cut and told apart by a hash. */
function childName(parent: string, suffix: string): string {
  if (parent.length + suffix.length <= longest) return parent + suffix
  if (suffix.length < head) return parent.slice(0, head - suffix.length) + md5(parent) + suffix
  const cut = parent.slice(0, head) + md5(parent + suffix)
  return (cut + suffix.slice(0, longest - cut.length)).replace(/[^a-zA-Z0-9]+$/, '')
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
