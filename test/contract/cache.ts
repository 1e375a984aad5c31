import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Cache } from '../../functions/runtime/cache/cache.ts'
import { NotNowError } from '../../functions/runtime/errors/errors.ts'
import { eventually } from '../support/eventually.ts'
import { rejectionOf } from '../support/rejection.ts'

/** Every cache behaves so. `open` gives one with no keys, or with a key prefix of its own. */
export function describeCache(name: string, open: () => Promise<Cache>): void {
  describe(`cache: ${name}`, () => {
    let cache: Cache
    beforeEach(async () => {
      cache = await open()
    })
    afterEach(() => cache.close())

    it('gives back what was set, and nothing for what was not', async () => {
      await cache.set('a', 'Žalgiris', 60_000)
      expect(await cache.get('a')).to.equal('Žalgiris')
      expect(await cache.get('b')).to.equal(undefined)
      await cache.set('a', '', 60_000)
      expect(await cache.get('a')).to.equal('')
    })

    it('forgets when the time is over, and not before', async () => {
      await cache.set('short', 'x', 80)
      await cache.set('long', 'x', 60_000)
      expect(await cache.get('short')).to.equal('x')
      await eventually(async () => (await cache.get('short')) === undefined, 1_000)
      expect(await cache.get('long')).to.equal('x')
    })

    it('lets one of many set an absent key', async () => {
      const tries = await Promise.all(['1', '2', '3', '4'].map((n) => cache.setIfAbsent('lock', n, 60_000)))
      expect(tries.filter(Boolean)).to.have.length(1)
      expect(await cache.get('lock')).to.equal(String(tries.indexOf(true) + 1))
      await cache.delete('lock')
      expect(await cache.setIfAbsent('lock', 'again', 60)).to.equal(true)
      await eventually(() => cache.setIfAbsent('lock', 'after its end', 60_000), 1_000)
    })

    it('counts for many at once, until the time since the first is over', async () => {
      const sums = await Promise.all([1, 2, 3, 4].map(() => cache.increment('pages', 60_000)))
      expect(sums.toSorted()).to.deep.equal([1, 2, 3, 4])
      expect(await cache.get('pages')).to.equal('4')
      expect(await cache.increment('short', 250)).to.equal(1)
      // Each adds and none prolongs: counting on from the first end, the sum would never be 1 again.
      let sum = 2
      await eventually(async () => {
        const next = await cache.increment('short', 250)
        if (next !== 1) expect(next).to.equal(sum++)
        return next === 1
      }, 2_000)
      expect(sum).to.be.above(2)
      expect(await cache.increment('pages', 60_000)).to.equal(5)
    })

    it('counts nothing where something else stands', async () => {
      await cache.set('word', 'many', 60_000)
      expect(await rejectionOf(cache.increment('word', 60_000))).to.include({ code: 'cache_unavailable' })
      expect(await cache.get('word')).to.equal('many')
    })

    it('deletes, also what is not there', async () => {
      await cache.set('a', '1', 60_000)
      await cache.delete('a')
      await cache.delete('a')
      expect(await cache.get('a')).to.equal(undefined)
    })

    it('refuses a time that is not a whole number above 0', async () => {
      for (const ttlMs of [0, -1, 1.5, Number.NaN]) {
        expect(await rejectionOf(cache.set('a', '1', ttlMs))).to.be.instanceOf(RangeError)
        expect(await rejectionOf(cache.setIfAbsent('a', '1', ttlMs))).to.be.instanceOf(RangeError)
        expect(await rejectionOf(cache.increment('a', ttlMs))).to.be.instanceOf(RangeError)
      }
    })

    it('tells everybody who listens to a channel, in order, until they stop', async () => {
      const first: string[] = []
      const second: string[] = []
      const stopFirst = await cache.subscribe('news', (message) => void first.push(message))
      const stopSecond = await cache.subscribe('news', (message) => void second.push(message))
      await cache.publish('news', '1')
      await cache.publish('news', '2')
      await cache.publish('other', 'x')
      await eventually(() => first.length === 2 && second.length === 2)
      await stopFirst()
      await stopFirst()
      await cache.publish('news', '3')
      await eventually(() => second.length === 3)
      expect(first).to.deep.equal(['1', '2'])
      expect(second).to.deep.equal(['1', '2', '3'])
      await stopSecond()
    })

    it('tells the others when one listener throws', async () => {
      const heard: string[] = []
      await cache.subscribe('news', () => {
        throw new Error('boom')
      })
      await cache.subscribe('news', (message) => void heard.push(message))
      await cache.publish('news', '1')
      await eventually(() => heard.length === 1)
    })

    it('does not keep a message for those who come later', async () => {
      const heard: string[] = []
      await cache.publish('news', '1')
      await cache.subscribe('news', (message) => void heard.push(message))
      await sleep(20)
      expect(heard).to.deep.equal([])
    })

    it('says NotNowError once it is closed', async () => {
      await cache.ping()
      await cache.close()
      expect(await rejectionOf(cache.get('a'))).to.be.instanceOf(NotNowError)
      expect(await rejectionOf(cache.ping())).to.be.instanceOf(NotNowError)
      expect(await rejectionOf(cache.subscribe('a', () => undefined))).to.be.instanceOf(NotNowError)
    })
  })
}
