import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { NotNowError } from '../../../functions/runtime/errors/errors.ts'
import { openFolderObjects } from '../../../functions/runtime/objects/folder-objects.ts'
import { openFolderRegistry } from '../../../functions/runtime/registry/folder-registry.ts'
import { rejectionOf } from '../../support/rejection.ts'
import { useTemporaryFolder } from '../../support/temporary-folder.ts'

const text = { contentType: 'text/plain' }

describe('folder objects', () => {
  const path = useTemporaryFolder()

  it('leaves the bytes as a plain file and nothing half-written', async () => {
    const objects = openFolderObjects(path('objects'))
    await objects.put('pages/1.html', Buffer.from('x'), text)
    expect(readdirSync(path('objects', 'pages'))).to.deep.equal(['1.html', '1.html~type'])
    expect(readdirSync(path('objects', '~incoming'))).to.deep.equal([])
  })

  it('removes what a dead process left, and not what another may be writing', async () => {
    mkdirSync(path('~incoming'))
    for (const name of ['old', 'new']) writeFileSync(path('~incoming', name), 'half')
    const twoHoursAgo = Date.now() / 1_000 - 7_200
    utimesSync(path('~incoming', 'old'), twoHoursAgo, twoHoursAgo)
    const objects = openFolderObjects(path())
    await objects.put('a', Buffer.from('x'), text)
    expect(readdirSync(path('~incoming'))).to.deep.equal(['new'])
    expect(await objects.list('', 10)).to.deep.equal(['a'])
  })

  it('says not now when the file system does', async () => {
    writeFileSync(path('file'), '')
    const objects = openFolderObjects(path('file'))
    expect(await rejectionOf(objects.put('a', Buffer.from('x'), text))).to.be.instanceOf(NotNowError)
    const fine = openFolderObjects(path('objects'))
    await fine.put('a/b', Buffer.from('x'), text)
    expect(await rejectionOf(fine.put('a', Buffer.from('x'), text))).to.include({
      code: 'objects_unavailable',
    })
    expect(existsSync(path('objects', 'a', 'b'))).to.equal(true)
  })

  it('is empty before anything was put', async () => {
    const objects = openFolderObjects(path('missing'))
    expect(await objects.list('', 10)).to.deep.equal([])
    expect(await objects.get('a')).to.equal(undefined)
  })
})

describe('folder registry', () => {
  const path = useTemporaryFolder()
  const writeModel = (name: string, files: Readonly<Record<string, string>>) => {
    mkdirSync(path(name))
    for (const [file, content] of Object.entries(files)) writeFileSync(path(name, file), content)
  }

  it('follows an alias that is a link, and files that are', async () => {
    writeModel('v1', { 'model.onnx': 'graph' })
    symlinkSync(path('v1'), path('champion'))
    symlinkSync(path('v1', 'model.onnx'), path('v1', 'link.onnx'))
    const files = await openFolderRegistry(path()).load('champion')
    expect([...files.keys()]).to.deep.equal(['link.onnx', 'model.onnx'])
  })

  it('leaves out folders and names that begin with a dot', async () => {
    writeModel('champion', { 'model.onnx': 'graph', '.hidden': 'x' })
    mkdirSync(path('champion', 'folder'))
    expect([...(await openFolderRegistry(path()).load('champion')).keys()]).to.deep.equal(['model.onnx'])
  })

  it('takes no more bytes than it may', async () => {
    writeModel('champion', { 'a.bin': 'x'.repeat(60), 'b.bin': 'x'.repeat(60) })
    expect((await openFolderRegistry(path(), { maxBytes: 120 }).load('champion')).size).to.equal(2)
    const error = await rejectionOf(openFolderRegistry(path(), { maxBytes: 119 }).load('champion'))
    expect(error)
      .to.include({ code: 'model_unavailable' })
      .and.match(/more than 119 bytes/)
  })

  it('says which aliases there are', async () => {
    writeModel('champion', { 'model.onnx': 'graph' })
    writeModel('empty', {})
    const registry = openFolderRegistry(path())
    expect(await rejectionOf(registry.load('candidate'))).to.match(/it has: champion, empty/)
    expect(await rejectionOf(registry.load('empty'))).to.match(/has no files/)
    expect(await rejectionOf(openFolderRegistry(path('missing')).load('champion'))).to.match(/it has none/)
  })
})
