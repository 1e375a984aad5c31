import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Event } from '../../../functions/runtime/broker/publisher.ts'
import { readOptions } from '../../../scripts/replay/options.ts'
import { openProgress } from '../../../scripts/replay/progress-file.ts'
import { UsageError } from '../../../scripts/usage-error.ts'
import { rejectionOf } from '../../support/rejection.ts'
import { useTemporaryFolder } from '../../support/temporary-folder.ts'

const event = (id: string): Event => ({ specversion: '1.0', id, source: '/test', type: 'test.asked' })
const options = (...args: string[]) => readOptions(['--no-dry-run', '--to', 'http://x', ...args])

describe('the progress of a replay', () => {
  const folder = useTemporaryFolder()

  async function record(...ids: string[]): Promise<void> {
    const progress = await openProgress(folder('progress'), options())
    for (const id of ids) await progress.record(event(id))
    await progress.close()
  }

  it('knows each event as often as it was done', async () => {
    await record('1', '2')
    await record('2')
    const again = await openProgress(folder('progress'), options())
    expect(again.doneBefore).to.equal(3)
    expect(['1', '2', '1', '2', '2', '3'].map((id) => again.isDone(event(id)))).to.deep.equal([
      true,
      true,
      false,
      true,
      false,
      false,
    ])
    expect(again.isDone({ ...event('1'), source: '/other' })).to.equal(false)
    await again.close()
  })

  it('passes over the line that a killed process left unfinished', async () => {
    await record('1')
    appendFileSync(folder('progress'), '{"id":"2","sou')
    await record('3')
    const again = await openProgress(folder('progress'), options())
    expect(['1', '2', '3'].map((id) => again.isDone(event(id)))).to.deep.equal([true, false, true])
    await again.close()
  })

  it('refuses the file of another replay, and says what differs', async () => {
    await record('1')
    const error = await rejectionOf(
      openProgress(folder('progress'), options('--type', 'x', '--where', 'id=1')),
    )
    expect(error).to.be.instanceOf(UsageError)
    expect(error).to.match(/another --(type, --where|where, --type)/)
    // How fast and how many may change.
    await (await openProgress(folder('progress'), options('--rate', '1', '--limit', '3'))).close()
    writeFileSync(folder('other'), 'not ours\n')
    expect(await rejectionOf(openProgress(folder('other'), options()))).to.be.instanceOf(UsageError)
    expect(readFileSync(folder('other'), 'utf8')).to.equal('not ours\n')
  })

  it('writes nothing in a dry run', async () => {
    await openProgress(folder('progress'), readOptions(['--to', 'http://x']))
    expect(existsSync(folder('progress'))).to.equal(false)
  })
})
