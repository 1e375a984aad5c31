import { randomUUID } from 'node:crypto'
import { connect } from 'amqplib'
import { expect } from 'chai'
import { declareTopology } from '../../functions/runtime/broker/rabbit/declare-topology.ts'
import { ConfigError, NotNowError } from '../../functions/runtime/errors/errors.ts'
import { rabbitUrl } from '../support/rabbit-broker.ts'
import { recordLog } from '../support/recorded-log.ts'
import { rejectionOf } from '../support/rejection.ts'

const log = recordLog()

describe('the topology', () => {
  it('names what is there already and is different, and leaves it alone', async () => {
    const name = `test.${randomUUID()}`
    const connection = await connect(rabbitUrl())
    const channel = await connection.createChannel()
    await channel.assertQueue(name, { durable: true })
    channel.sendToQueue(name, Buffer.from('kept'))
    const topology = {
      exchanges: [],
      queues: [{ name, arguments: { 'x-queue-type': 'quorum' } }],
      bindings: [],
      policies: [],
    }
    const thrown = await rejectionOf(declareTopology({ url: rabbitUrl(), topology, log }))
    expect(thrown).to.be.instanceOf(ConfigError)
    expect((thrown as Error).message)
      .to.contain(`queue ${name}`)
      .and.contain("inequivalent arg 'x-queue-type'")
      .and.contain('Nothing was changed')
    const kept = await channel.get(name, { noAck: true })
    expect(kept === false ? '' : kept.content.toString()).to.equal('kept')
    await channel.deleteQueue(name)
    await connection.close()
  })

  it('refuses wrong credentials at once and does not show them', async () => {
    const url = new URL(rabbitUrl())
    url.password = 'not-the-password'
    const topology = { exchanges: [], queues: [], bindings: [], policies: [] }
    const thrown = await rejectionOf(declareTopology({ url: url.href, topology, log }))
    expect(thrown).to.be.instanceOf(ConfigError)
    expect((thrown as Error).message).to.contain('refuses the user name or the password')
    expect(JSON.stringify([thrown, (thrown as Error).stack])).to.not.contain('not-the-password')
  })

  it('says within seconds that nobody answers', async () => {
    const topology = { exchanges: [], queues: [], bindings: [], policies: [] }
    const startedMs = Date.now()
    const thrown = await rejectionOf(declareTopology({ url: 'amqp://127.0.0.1:1', topology, log }))
    expect(thrown).to.be.instanceOf(NotNowError).and.include({ code: 'broker_unavailable' })
    expect(Date.now() - startedMs).to.be.below(10_000)
  })
})
