import { expect } from 'chai'
import { deadLetterQueues, exchangeOf, rabbitUrl, streamQueue } from '../../../scripts/replay/rabbit-names.ts'
import { UsageError } from '../../../scripts/usage-error.ts'

describe('names in RabbitMQ on the command line of replay', () => {
  it('mean the local broker, or what is named', () => {
    expect(streamQueue('stream')).to.equal('journal.soccer.default')
    expect(streamQueue('stream:journal.other.default')).to.equal('journal.other.default')
    expect(streamQueue('data/journal/events.ndjson')).to.equal(undefined)
    expect(exchangeOf('broker')).to.match(/^b\.soccer\.default\./)
    expect(exchangeOf('broker:b.other.default.1')).to.equal('b.other.default.1')
  })

  it('find the dead letters of a trigger, of all, and of a queue', () => {
    const all = deadLetterQueues('all')
    expect(all.at(-1)).to.match(/^b\.soccer\.default\.dlq\./)
    const one = deadLetterQueues('infer-prediction-requested')
    expect(one).to.have.length(1)
    expect(all).to.include(one[0])
    expect(deadLetterQueues('t.other.infer.dlq.1')).to.deep.equal(['t.other.infer.dlq.1'])
    expect(() => deadLetterQueues('nobody')).to.throw(UsageError, 'infer-prediction-requested')
  })

  it('want a server', () => {
    expect(() => rabbitUrl({ RABBITMQ_URL: '' })).to.throw(UsageError, 'RABBITMQ_URL')
  })
})
