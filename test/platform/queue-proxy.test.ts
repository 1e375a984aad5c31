import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { eventually } from '../support/eventually.ts'
import { root } from '../support/running-bundle.ts'
import { openPod, type Pod, userPort } from './support/queue-proxy.ts'

const example = readFileSync(join(root, 'events/examples/soccer.prediction.requested.v1/valid.json'))
const slow = (id: string, waitMs: number) => ({
  method: 'POST',
  headers: {
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-source': '/test',
    'ce-type': 'test.slow',
    'content-type': 'application/json',
  },
  body: JSON.stringify({ waitMs }),
})

describe('a function behind queue-proxy', function () {
  this.timeout(90_000)
  const opened: Pod[] = []
  const open = async (...args: Parameters<typeof openPod>) => {
    const pod = await openPod(...args)
    opened.push(pod)
    return pod
  }
  /** With the function that waits as long as it is told. */
  const openWithMirror = async (...args: Parameters<typeof openPod>) => {
    const pod = await open(...args)
    const mirror = pod.startFunction('test/fixtures/mirror-function.ts', [userPort])
    expect(await pod.probe()).to.equal(200)
    const ask = async (id: string, waitMs: number) => {
      const answer = await fetch(pod.url, slow(id, waitMs))
      await answer.body?.cancel()
      return answer.status
    }
    return { ...pod, mirror, ask }
  }
  afterEach(async () => {
    for (const pod of opened.splice(0)) await pod.close()
  })

  it('is ready when the function is, and passes events and answers on', async () => {
    const pod = await open({})
    const ready = pod.probe()
    const infer = pod.startFunction('functions/infer/index.ts', [])
    expect(await ready).to.equal(200)
    const answer = await fetch(pod.url, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json' },
      body: example,
    })
    expect([answer.status, answer.headers.get('ce-type')]).to.deep.equal([
      200,
      'soccer.prediction.completed.v1',
    ])
    expect(await answer.json()).to.include({ subject: 'england.arsenal~england.chelsea~2026-11-28' })
    await infer.stop()
    expect(await pod.probe()).to.equal(503)
  })

  it('answers 504 for a function that takes longer than the revision may, and goes on', async () => {
    const { ask } = await openWithMirror({ timeoutSeconds: 1 })
    expect(await ask('e1', 3_000)).to.equal(504)
    expect(await ask('e2', 1)).to.equal(200)
  })

  it('sends one request at a time to a function that wants that, queues ten and answers 503 to more', async () => {
    const { ask } = await openWithMirror({ containerConcurrency: 1 })
    const startedMs = Date.now()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(`e${n}`, 100)))
    expect(
      Object.fromEntries(
        Object.entries(Object.groupBy(answers, String)).map(([status, all = []]) => [status, all.length]),
      ),
    ).to.deep.equal({ 200: 11, 503: 9 })
    expect(Date.now() - startedMs).to.be.at.least(1_100)
  })

  it('answers what is under way, and what still comes, when the pod is ended (half a minute)', async () => {
    const { proxy, mirror, ask, probe, waitForDrainUrl } = await openWithMirror({})
    const underWay = ask('e1', 3_000)
    await eventually(async () => (await ask('e0', 1)) === 200)
    proxy.child.kill('SIGTERM')
    // What the kubelet does before it sends the function its own SIGTERM.
    const drained = fetch(waitForDrainUrl)
    await eventually(async () => (await probe()) === 503)
    expect(await ask('e2', 1)).to.equal(200)
    expect(await underWay).to.equal(200)
    expect((await drained).status).to.equal(200)
    mirror.child.kill('SIGTERM')
    expect(await mirror.ended).to.equal(0)
    expect(await proxy.ended).to.equal(0)
  })
})
