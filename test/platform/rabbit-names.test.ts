import { expect } from 'chai'
import type { BrokerIdentity, TriggerIdentity } from '../../functions/runtime/broker/rabbit/names.ts'
import { describeTopology, type Topology } from '../../functions/runtime/broker/rabbit/topology.ts'

interface Names {
  readonly exchange: string
  readonly deadLetterExchange: string
  readonly deadLetters: string
  readonly queue: string
  readonly policy: string
  readonly triggerDeadLetterExchange: string
  readonly triggerDeadLetters: string
  readonly pattern: string
}

const uid = '0f9f6c1e-6f0f-4c4e-9a39-0d1c5a1b2c3d'
const long = `${'long-'.repeat(12)}end`
const dashes = (count: number) => '-'.repeat(count)

/** Said by pkg/rabbitmqnaming and pkg/rabbit of eventing-rabbitmq v0.48.0 for these identities. */
const cases: readonly (readonly [
  what: string,
  BrokerIdentity,
  Pick<TriggerIdentity, 'name' | 'uid'>,
  Names,
])[] = [
  [
    'short names as they are',
    { namespace: 's', name: 'b', uid: 'u1' },
    { name: 't', uid: 'u1' },
    {
      exchange: 'b.s.b.u1',
      deadLetterExchange: 'b.s.b.dlx.u1',
      deadLetters: 'b.s.b.dlq.u1',
      queue: 's.t.u1',
      policy: 't.s.t.u1',
      triggerDeadLetterExchange: 't.s.t.dlx.u1',
      triggerDeadLetters: 't.s.t.dlq.u1',
      pattern: String.raw`^s\.t\.u1$`,
    },
  ],
  [
    'a trigger of ours, shortened with a hash',
    { namespace: 'soccer', name: 'default', uid },
    { name: 'infer-prediction-requested', uid },
    {
      exchange: `b.soccer.default.${uid}`,
      deadLetterExchange: `b.soccer.default.dlx.${uid}`,
      deadLetters: `b.soccer.default.dlq.${uid}`,
      queue: `soccer.infer-prediction-requested.${uid}`,
      policy: 't.soccer.infer-prediction-reque15f2df7e9ae2d70685d42bd40d27a721',
      triggerDeadLetterExchange: 't.soccer.infer-prediction-reque27e11ea91fd415cec36059e5ce195f5e',
      triggerDeadLetters: 't.soccer.infer-prediction-reque4e0e32f69ca6ba44c3870e6c5f9639da',
      pattern: String.raw`^soccer\.infer-prediction-requested\.0f9f6c1e-6f0f-4c4e-9a39-0d1c5a1b2c3d$`,
    },
  ],
  [
    'long names',
    { namespace: 'soccer', name: 'a-broker-with-quite-a-long-name', uid },
    { name: long, uid },
    {
      exchange: 'b.soccer.a-broker-with-quite-a-0116722755af3a24a96f258a05ac7126',
      deadLetterExchange: 'b.soccer.a-broker-with-quite-a-20ec0e683923e36ff28f857f9f7feb8a',
      deadLetters: 'b.soccer.a-broker-with-quite-a-abe00804e961b1df5e43f91a5fb8affc',
      queue: `soccer.${long}.${uid}`,
      policy: 't.soccer.long-long-long-long-lo77b1c7e4295cef38e7fd658035ae67ee',
      triggerDeadLetterExchange: 't.soccer.long-long-long-long-lo8ff9813d0f65f64615b1b68f3fb269cd',
      triggerDeadLetters: 't.soccer.long-long-long-long-lo5c152d0b868725cb76beb7662d020896',
      pattern: String.raw`^soccer\.long-long-long-long-long-long-long-long-long-long-long-long-end\.0f9f6c1e-6f0f-4c4e-9a39-0d1c5a1b2c3d$`,
    },
  ],
  [
    'a uid just short enough to be kept whole',
    { namespace: 'soccer', name: 'b', uid: 'u'.repeat(30) },
    { name: 'x'.repeat(60), uid: 'u'.repeat(30) },
    {
      exchange: `b.soccer.b.${'u'.repeat(30)}`,
      deadLetterExchange: `b.soccer.b.dlx.${'u'.repeat(30)}`,
      deadLetters: `b.soccer.b.dlq.${'u'.repeat(30)}`,
      queue: `soccer.${'x'.repeat(60)}.${'u'.repeat(30)}`,
      policy: `t90c1fd713ebe0323e2c3521dd5990c53${'u'.repeat(30)}`,
      triggerDeadLetterExchange: `t7fbef046c0c05917f29d825b4cc31446${'u'.repeat(30)}`,
      triggerDeadLetters: `t88b57bb8903c7b40c7691d5edf5d458b${'u'.repeat(30)}`,
      pattern: String.raw`^soccer\.xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\.uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu$`,
    },
  ],
  [
    'names of dashes',
    { namespace: 'n', name: dashes(26), uid: dashes(40) },
    { name: dashes(60), uid: dashes(40) },
    {
      exchange: 'b.n.--------------------------.2216b582b12ec8c8169d592f0ed77ea3',
      deadLetterExchange: 'b.n.--------------------------.52a2e3341fc6c85b2548447d521e3b97',
      deadLetters: 'b.n.--------------------------.4461a4fa31443c355833fd1389b4fb44',
      queue: `n.${dashes(60)}.${dashes(40)}`,
      policy: 't.n.---------------------------0223ecf070f6c31c6337962c68726ec0',
      triggerDeadLetterExchange: 't.n.---------------------------f88f4b686af0bbd77aa99736d3d2e640',
      triggerDeadLetters: 't.n.---------------------------d904b4d9045b467ace3342436d9d67fc',
      pattern: String.raw`^n\.------------------------------------------------------------\.----------------------------------------$`,
    },
  ],
]

describe('names in RabbitMQ', () => {
  for (const [what, broker, trigger, names] of cases) {
    it(`are those of eventing-rabbitmq: ${what}`, () => {
      expect(namesIn(describeTopology(broker, [{ ...trigger, filter: {} }]))).to.deep.equal(names)
    })
  }
})

function namesIn({ exchanges, queues, policies }: Topology): unknown {
  const [exchange, deadLetterExchange, triggerDeadLetterExchange] = exchanges
  // The first queue is the journal, which is ours alone.
  const [, deadLetters, queue, triggerDeadLetters] = queues.map(({ name }) => name)
  const [, policy] = policies
  return {
    exchange,
    deadLetterExchange,
    deadLetters,
    queue,
    policy: policy?.name,
    triggerDeadLetterExchange,
    triggerDeadLetters,
    pattern: policy?.pattern,
  }
}
