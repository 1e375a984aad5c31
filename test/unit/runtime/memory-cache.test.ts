import { expect } from 'chai'
import { createMemoryCache } from '../../../functions/runtime/cache/memory-cache.ts'
import { NotNowError } from '../../../functions/runtime/errors/errors.ts'
import { eventually } from '../../support/eventually.ts'
import { recordLog } from '../../support/recorded-log.ts'
import { rejectionOf } from '../../support/rejection.ts'

describe('memory cache', () => {
  it('forgets to the millisecond', async () => {
    let nowMs = 1_000
    const cache = createMemoryCache({ now: () => nowMs })
    await cache.set('a', '1', 50)
    nowMs = 1_049
    expect(await cache.get('a')).to.equal('1')
    expect(await cache.setIfAbsent('a', '2', 50)).to.equal(false)
    nowMs = 1_050
    expect(await cache.setIfAbsent('a', '2', 50)).to.equal(true)
    nowMs = 1_100
    expect(await cache.get('a')).to.equal(undefined)
  })

  it('drops what was not used for longest when there are too many keys', async () => {
    const cache = createMemoryCache({ maxKeys: 3 })
    for (const key of ['a', 'b', 'c']) await cache.set(key, key, 60_000)
    await cache.get('a')
    await cache.set('b', 'again', 60_000)
    await cache.set('d', 'd', 60_000)
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((key) => cache.get(key)))).to.deep.equal([
      'a',
      'again',
      undefined,
      'd',
    ])
  })

  it('drops as many as it takes when there are too many bytes, and never takes more than it can hold', async () => {
    const cache = createMemoryCache({ maxBytes: 100 })
    for (const key of ['a', 'b', 'c', 'd']) await cache.set(key, 'x'.repeat(11), 60_000)
    await cache.set('e', 'x'.repeat(30), 60_000)
    const kept = await Promise.all(
      ['a', 'b', 'c', 'd', 'e'].map(async (key) => (await cache.get(key)) !== undefined),
    )
    expect(kept).to.deep.equal([false, false, false, true, true])
    expect(await rejectionOf(cache.set('f', 'x'.repeat(50), 60_000))).to.be.instanceOf(NotNowError)
    expect(await cache.get('e')).to.equal('x'.repeat(30))
    await cache.delete('e')
    for (const key of ['g', 'h']) await cache.set(key, 'x'.repeat(11), 60_000)
    expect(await cache.get('d')).to.equal('x'.repeat(11))
  })

  it('bounds its listeners and counts those that left', async () => {
    const cache = createMemoryCache({ maxListeners: 2 })
    const listener = () => undefined
    const stop = await cache.subscribe('a', listener)
    await cache.subscribe('b', listener)
    expect(await rejectionOf(cache.subscribe('c', listener))).to.be.instanceOf(NotNowError)
    await stop()
    await stop()
    await cache.subscribe('c', listener)
    expect(await rejectionOf(cache.subscribe('d', listener))).to.be.instanceOf(NotNowError)
  })

  it('logs a listener that throws', async () => {
    const log = recordLog()
    const cache = createMemoryCache({ log })
    await cache.subscribe('a', () => {
      throw new Error('boom')
    })
    await cache.publish('a', '1')
    await eventually(() => log.lines.length === 1)
    expect(log.lines[0]?.level).to.equal('error')
  })

  it('tells nobody who has stopped listening in the meantime', async () => {
    const heard: string[] = []
    const cache = createMemoryCache()
    const stops: (() => Promise<void>)[] = []
    stops.push(await cache.subscribe('a', () => void stops[1]?.()))
    stops.push(await cache.subscribe('a', (message) => void heard.push(message)))
    await cache.publish('a', '1')
    await cache.publish('a', '2')
    expect(heard).to.deep.equal([])
  })
})
