import { expect } from 'chai'
import { keepModel, type LoadedModel } from '../../../functions/infer/keep-model.ts'
import { NotNowError } from '../../../functions/runtime/errors/errors.ts'
import { eventually } from '../../support/eventually.ts'
import { recordLog } from '../../support/recorded-log.ts'
import { rejectionOf } from '../../support/rejection.ts'

const away = new NotNowError('model_unavailable', 'The registry is away.')

/** Loads fail until `arrive` is called; pauses end when the test says so. */
function setUp() {
  const closed: string[] = []
  const pauses: number[] = []
  let arrived = false
  let endPause = () => {}
  const model = {
    name: 'm',
    version: '3',
    close: () => Promise.resolve(void closed.push('model')),
  } as unknown as LoadedModel
  return {
    model,
    closed,
    pauses,
    arrive: () => (arrived = true),
    endPause: () => endPause(),
    load: () => (arrived ? Promise.resolve(model) : Promise.reject(away)),
    sleep: (ms: number, signal: AbortSignal) => {
      pauses.push(ms)
      return new Promise<void>((resolve, reject) => {
        endPause = resolve
        signal.addEventListener('abort', () => reject(new Error('aborted')))
      })
    },
    log: recordLog(),
  }
}

describe('the model that infer keeps', () => {
  it('is there at once where the registry has it, and closed in the end', async () => {
    const parts = setUp()
    parts.arrive()
    const kept = await keepModel(parts)
    expect(kept.current()).to.equal(parts.model)
    await kept.close()
    expect([parts.closed, parts.pauses]).to.deep.equal([['model'], []])
  })

  it('is waited for with growing pauses of at most a minute, and says why it is not there', async () => {
    const parts = setUp()
    const kept = await keepModel(parts)
    expect(() => kept.current())
      .to.throw(NotNowError, 'No model has been loaded yet: The registry is away.')
      .that.includes({ code: 'model_unavailable' })
    for (let count = 1; count <= 8; count++) {
      await eventually(() => parts.pauses.length === count)
      if (count === 8) parts.arrive()
      parts.endPause()
    }
    await eventually(() => parts.log.lines.some(({ message }) => message === 'model loaded'))
    expect(kept.current()).to.equal(parts.model)
    expect(parts.pauses).to.deep.equal([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1_000))
    await kept.close()
    expect(parts.closed).to.deep.equal(['model'])
  })

  it('is not waited for any longer when the process ends', async () => {
    const parts = setUp()
    const kept = await keepModel(parts)
    await eventually(() => parts.pauses.length === 1)
    await kept.close()
    expect(() => kept.current()).to.throw(NotNowError)
  })

  it('is not waited for where its files are damaged: that is for a person to mend', async () => {
    const damaged = new Error('model file manifest.json: no JSON')
    const parts = { ...setUp(), load: () => Promise.reject(damaged) }
    expect(await rejectionOf(keepModel(parts))).to.equal(damaged)
    expect(parts.pauses).to.deep.equal([])
  })
})
