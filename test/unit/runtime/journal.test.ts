import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { CloudEvent } from 'cloudevents'
import { type JournalOptions, openJournal } from '../../../functions/runtime/broker/journal.ts'
import type { Event } from '../../../functions/runtime/broker/publisher.ts'
import { type BadLine, readJournal } from '../../../functions/runtime/broker/read-journal.ts'
import { NotNowError } from '../../../functions/runtime/errors/errors.ts'
import { killWhileCounting } from '../../support/kill-while-counting.ts'
import { rejectionOf } from '../../support/rejection.ts'
import { useTemporaryFolder } from '../../support/temporary-folder.ts'

const event = (id: string, more: Partial<Event> = {}): Event => ({
  specversion: '1.0',
  id,
  source: '/test',
  type: 'test.asked',
  ...more,
})
const large: JournalOptions = { maxBytes: 1_000_000, keep: 2 }

async function readAll(file: string) {
  const bad: BadLine[] = []
  const events: Event[] = []
  for await (const one of readJournal(file, (line) => void bad.push(line))) events.push(one)
  return {
    ids: events.map(({ id }) => id),
    events,
    bad: bad.map(({ line }) => line),
    files: bad.map((one) => one.file),
  }
}

describe('journal', function () {
  this.timeout(60_000)
  const path = useTemporaryFolder()

  it('writes one structured event a line with the moment it was recorded', async () => {
    const file = path('deep', 'events.ndjson')
    const journal = await openJournal(file, { ...large, now: () => new Date('2026-11-23T12:00:00Z') })
    await journal.append(event('1', { subject: 'm1', data: { name: 'Ñublense\nline two' } }))
    await journal.append(
      new CloudEvent({ id: '2', source: '/test', type: 'test.asked', time: '2026-11-23T11:00:00Z' }),
    )
    await journal.close()
    const [first, second, rest] = readFileSync(file, 'utf8').split('\n')
    expect(first).to.equal(
      '{"specversion":"1.0","id":"1","source":"/test","type":"test.asked","subject":"m1",' +
        '"data":{"name":"Ñublense\\nline two"},"recordedtime":"2026-11-23T12:00:00.000Z"}',
    )
    expect(JSON.parse(second ?? '')).to.include({
      id: '2',
      type: 'test.asked',
      recordedtime: '2026-11-23T12:00:00.000Z',
    })
    expect(rest).to.equal('')
  })

  it('keeps the order of the calls, and has each line on file when the call resolves', async () => {
    const file = path('events.ndjson')
    const journal = await openJournal(file, large)
    const ids = Array.from({ length: 2_000 }, (_, n) => String(n))
    await Promise.all(
      ids.map(async (id) => {
        await journal.append(event(id))
        if (id === '1999') expect(readFileSync(file, 'utf8')).to.include('"id":"1999"')
      }),
    )
    expect((await readAll(file)).ids).to.deep.equal(ids)
    await journal.close()
  })

  it('puts full files aside, keeps as many as asked and reads them oldest first', async () => {
    const file = path('events.ndjson')
    // Each line has 137 bytes: three to a file.
    const journal = await openJournal(file, { maxBytes: 411, keep: 2 })
    const names = ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10']
    for (const id of names) await journal.append(event(id, { data: 'x'.repeat(16) }))
    await journal.close()
    const idsIn = (name: string) =>
      [...readFileSync(path(name), 'utf8').matchAll(/"id":"(\d+)"/g)].map(([, id]) => id)
    expect(idsIn('events.ndjson')).to.deep.equal(['10'])
    expect(idsIn('events.ndjson.1')).to.deep.equal(['07', '08', '09'])
    expect(idsIn('events.ndjson.2')).to.deep.equal(['04', '05', '06'])
    expect(existsSync(path('events.ndjson.3'))).to.equal(false)
    expect((await readAll(file)).ids).to.deep.equal(['04', '05', '06', '07', '08', '09', '10'])
  })

  it('gives a line larger than a file a file of its own, and goes on in the file it finds', async () => {
    const file = path('events.ndjson')
    for (const id of ['1', '2', '3']) {
      const journal = await openJournal(file, { maxBytes: 400, keep: 5 })
      await Promise.all([
        journal.append(event(id)),
        journal.append(event(`${id}-large`, { data: 'x'.repeat(1_000) })),
      ])
      await journal.close()
    }
    expect((await readAll(file)).ids).to.deep.equal(['1', '1-large', '2', '2-large', '3', '3-large'])
    expect(existsSync(path('events.ndjson.5'))).to.equal(true)
    const alone = await openJournal(path('alone'), { maxBytes: 10, keep: 0 })
    await alone.append(event('1'))
    await alone.append(event('2'))
    await alone.close()
    expect((await readAll(path('alone'))).ids).to.deep.equal(['2'])
  })

  it('closes a torn last line, so that only it is lost', async () => {
    const file = path('events.ndjson')
    const first = await openJournal(file, large)
    await first.append(event('1'))
    await first.close()
    appendFileSync(file, '{"specversion":"1.0","id":"torn')
    const second = await openJournal(file, large)
    await second.append(event('3'))
    await second.close()
    const { ids, bad } = await readAll(file)
    expect(ids).to.deep.equal(['1', '3'])
    expect(bad).to.deep.equal([2])
  })

  it('tells the number of every bad line and reads the others', async () => {
    const good = (id: string) => JSON.stringify({ ...event(id), recordedtime: '2026-11-23T12:00:00.000Z' })
    const { type: _, ...typeless } = event('5')
    const lines = [
      good('1'),
      '',
      'null',
      JSON.stringify(typeless),
      good('6'),
      JSON.stringify(event('7')),
      '[]',
      good('8'),
    ]
    writeFileSync(path('events.ndjson'), lines.join('\n'))
    const { ids, bad, files } = await readAll(path('events.ndjson'))
    expect(ids).to.deep.equal(['1', '6', '8'])
    expect(bad).to.deep.equal([2, 3, 4, 6, 7])
    expect(new Set(files)).to.deep.equal(new Set([path('events.ndjson')]))
  })

  it('may be left in the middle of reading', async () => {
    const journal = await openJournal(path('events.ndjson'), large)
    for (const id of ['1', '2', '3']) await journal.append(event(id))
    for await (const one of readJournal(path('events.ndjson'), () => undefined)) {
      expect(one.id).to.equal('1')
      break
    }
    await journal.close()
  })

  it('says not now when the disk does not take it, or it is closed, or there is nothing to read', async () => {
    const full = await openJournal('/dev/full', large)
    const error = await rejectionOf(full.append(event('1')))
    expect(error).to.be.instanceOf(NotNowError).and.include({ code: 'journal_unavailable' })
    expect(error).to.match(/ENOSPC/)
    await full.close()
    expect(await rejectionOf(full.append(event('1')))).to.include({ code: 'journal_unavailable' })

    mkdirSync(path('folder'))
    expect(await rejectionOf(openJournal(path('folder'), large))).to.include({ code: 'journal_unavailable' })
    expect(await rejectionOf(readAll(path('folder')))).to.include({ code: 'journal_unavailable' })
    expect(await rejectionOf(readAll(path('missing')))).to.include({ code: 'journal_unavailable' })
    expect(await rejectionOf(readAll(path('missing', 'too')))).to.include({ code: 'journal_unavailable' })
  })

  it('bounds what waits for a slow disk', async () => {
    const journal = await openJournal(path('events.ndjson'), { maxBytes: 1_000_000_000, keep: 0 })
    const heavy = event('1', { data: 'x'.repeat(1_048_576) })
    const settled = await Promise.allSettled(Array.from({ length: 40 }, () => journal.append(heavy)))
    expect(settled.filter(({ status }) => status === 'fulfilled')).to.have.length(31)
    await journal.append(heavy)
    await journal.close()
  })

  it('has every event it took, in order, after the process was killed', async () => {
    const file = path('events.ndjson')
    const last = await killWhileCounting('append-until-killed.ts', file, 500)
    const after = await openJournal(file, { maxBytes: 20_000, keep: 1_000 })
    await after.append(event('after'))
    await after.close()
    const { ids, bad } = await readAll(file)
    const counted = ids.slice(0, -1).map(Number)
    expect(counted.slice(0, last + 1)).to.deep.equal(Array.from({ length: last + 1 }, (_, n) => n))
    expect(ids.at(-1)).to.equal('after')
    expect(bad.length).to.be.lessThanOrEqual(1)
  })
})
