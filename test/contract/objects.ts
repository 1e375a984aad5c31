import { expect } from 'chai'
import { RefusedError } from '../../functions/runtime/errors/errors.ts'
import type { Objects } from '../../functions/runtime/objects/objects.ts'
import { rejectionOf } from '../support/rejection.ts'

const bytes = (text: string) => Buffer.from(text)
const html = { contentType: 'text/html; charset=utf-8' }

/** Every object store behaves so. `open` gives an empty one. */
export function describeObjects(name: string, open: (maxBytes: number) => Promise<Objects>): void {
  describe(`objects: ${name}`, () => {
    let objects: Objects
    beforeEach(async () => {
      objects = await open(1_000)
    })

    it('gives back bytes and type', async () => {
      await objects.put('pages/2026-11-23/1234.html', Buffer.from([0, 255, 13, 10]), html)
      const got = await objects.get('pages/2026-11-23/1234.html')
      expect(got?.contentType).to.equal('text/html; charset=utf-8')
      expect([...(got?.bytes ?? [])]).to.deep.equal([0, 255, 13, 10])
    })

    it('has nothing under a key that nobody put', async () => {
      await objects.put('a/b', bytes('x'), html)
      for (const key of ['c', 'a', 'a/b/c', 'a/c']) expect(await objects.get(key)).to.equal(undefined)
    })

    it('replaces', async () => {
      await objects.put('a', bytes('long text'), html)
      await objects.put('a', bytes('x'), { contentType: 'text/plain' })
      const got = await objects.get('a')
      expect(got?.bytes.toString()).to.equal('x')
      expect(got?.contentType).to.equal('text/plain')
    })

    it('holds the whole of one of many that were put at once', async () => {
      const texts = ['aaaa', 'bbbbbbbb', 'cc']
      await Promise.all(texts.map((text) => objects.put('a', bytes(text), html)))
      expect(texts).to.include((await objects.get('a'))?.bytes.toString())
      expect(await objects.list('', 10)).to.deep.equal(['a'])
    })

    it('lists by prefix, in the order of the bytes, up to the limit', async () => {
      for (const key of ['b', 'a/2', 'a/10', 'a.b', 'a-b', 'ab/1', 'a/x/y'])
        await objects.put(key, bytes('x'), html)
      expect(await objects.list('', 100)).to.deep.equal(['a-b', 'a.b', 'a/10', 'a/2', 'a/x/y', 'ab/1', 'b'])
      expect(await objects.list('a/', 100)).to.deep.equal(['a/10', 'a/2', 'a/x/y'])
      expect(await objects.list('a/x', 100)).to.deep.equal(['a/x/y'])
      expect(await objects.list('a', 3)).to.deep.equal(['a-b', 'a.b', 'a/10'])
      expect(await objects.list('nothing/', 100)).to.deep.equal([])
    })

    it('refuses keys that are none', async () => {
      const wrong = [
        '',
        '/a',
        'a/',
        'a//b',
        '..',
        '../a',
        'a/../b',
        './a',
        'a/.',
        'A',
        'a b',
        'a\\b',
        'a~b',
        'a\0b',
        'ä',
        'a'.repeat(513),
      ]
      for (const key of wrong) {
        expect(await rejectionOf(objects.put(key, bytes('x'), html)), key).to.match(/is no key/)
        expect(await rejectionOf(objects.get(key)), key).to.match(/is no key/)
      }
      expect(await rejectionOf(objects.list('../', 1))).to.match(/is no prefix/)
      expect(await rejectionOf(objects.list('', 0))).to.match(/cannot be listed/)
      expect(await rejectionOf(objects.list('', 1_001))).to.match(/cannot be listed/)
    })

    it('refuses what is too large and keeps what was there', async () => {
      await objects.put('a', Buffer.alloc(1_000), html)
      const error = await rejectionOf(objects.put('a', Buffer.alloc(1_001), html))
      expect(error).to.be.instanceOf(RefusedError)
      expect(error).to.include({ code: 'object_too_large', status: 413 })
      expect((await objects.get('a'))?.bytes.length).to.equal(1_000)
    })
  })
}
