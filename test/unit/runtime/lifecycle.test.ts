import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { withDeadline } from '../../../functions/runtime/lifecycle/deadline.ts'
import { createLifecycle } from '../../../functions/runtime/lifecycle/lifecycle.ts'
import { createLogger } from '../../../functions/runtime/logging/logger.ts'

const log = createLogger({ name: 'test', level: 'silent', format: 'json' })

describe('life cycle', () => {
  it('finishes what is under way before it closes, and closes in reverse order', async () => {
    const lifecycle = createLifecycle({ log, graceMs: 5_000 })
    const said: string[] = []
    lifecycle.onStop('first', () => void said.push('close first'))
    lifecycle.onStop('second', () => void said.push('close second'))
    lifecycle.onDrain(() => void said.push('stop taking'))
    const work = lifecycle.track(async () => {
      await sleep(400)
      said.push('work done')
    })
    await lifecycle.stop('test')
    await work
    expect(said).to.deep.equal(['stop taking', 'work done', 'close second', 'close first'])
  })

  it('waits for work that work under way has started', async () => {
    const lifecycle = createLifecycle({ log, graceMs: 5_000 })
    let inner = false
    void lifecycle.track(async () => {
      await sleep(20)
      void lifecycle.track(async () => {
        await sleep(40)
        inner = true
      })
    })
    await lifecycle.stop('test')
    expect(inner).to.equal(true)
  })

  it('does not wait beyond the grace', async () => {
    const lifecycle = createLifecycle({ log, graceMs: 60 })
    const forever = new AbortController()
    void lifecycle.track(() => sleep(60_000, undefined, { signal: forever.signal }).catch(() => undefined))
    const startedMs = Date.now()
    await lifecycle.stop('test')
    forever.abort()
    expect(Date.now() - startedMs).to.be.within(60, 2_000)
  })

  it('closes the others when one does not close', async () => {
    const lifecycle = createLifecycle({ log, graceMs: 10 })
    let closed = false
    lifecycle.onStop('good', () => {
      closed = true
    })
    lifecycle.onStop('bad', () => Promise.reject(new Error('no')))
    await lifecycle.stop('test')
    expect(closed).to.equal(true)
  })

  it('stops once, however often it is asked', async () => {
    const lifecycle = createLifecycle({ log, graceMs: 10 })
    let count = 0
    lifecycle.onStop('part', () => void count++)
    await Promise.all([lifecycle.stop('a'), lifecycle.stop('b')])
    expect(count).to.equal(1)
    expect(lifecycle.stopping).to.equal(true)
  })

  it('passes on failures of tracked work', async () => {
    const lifecycle = createLifecycle({ log, graceMs: 10 })
    const failed = await lifecycle
      .track(() => Promise.reject(new Error('broken')))
      .catch((error: Error) => error.message)
    expect(failed).to.equal('broken')
  })
})

describe('a deadline', () => {
  const late = () => new Error('the page takes too long')

  it('lets through what is in time, both ways', async () => {
    expect(await withDeadline(Promise.resolve(7), 50, late)).to.equal(7)
    const failed = await withDeadline(Promise.reject(new Error('own')), 50, late).catch(
      (error: Error) => error.message,
    )
    expect(failed).to.equal('own')
  })

  it('ends the wait for what is late', async () => {
    const end = new AbortController()
    const work = sleep(10_000, undefined, { signal: end.signal })
    const failed = await withDeadline(work, 20, late).catch((error: Error) => error.message)
    end.abort()
    await work.catch(() => undefined)
    expect(failed).to.equal('the page takes too long')
  })
})
