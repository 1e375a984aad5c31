import { expect } from 'chai'
import { NotNowError, RefusedError } from '../../functions/runtime/errors/errors.ts'
import type { Registry } from '../../functions/runtime/registry/registry.ts'
import { rejectionOf } from '../support/rejection.ts'

type Models = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Every registry behaves so. `open` gives one that holds these models: alias → file name → text. */
export function describeRegistry(name: string, open: (models: Models) => Promise<Registry>): void {
  describe(`registry: ${name}`, () => {
    it('loads the files of an alias', async () => {
      const registry = await open({
        champion: { 'model.onnx': 'graph', 'manifest.json': '{}' },
        smoke: { 'model.onnx': 'small graph' },
      })
      const files = await registry.load('champion')
      expect([...files.keys()].toSorted()).to.deep.equal(['manifest.json', 'model.onnx'])
      expect(files.get('model.onnx')?.toString()).to.equal('graph')
    })

    it('says not now for an alias that stands for nothing', async () => {
      const registry = await open({ champion: { 'model.onnx': 'graph' } })
      const error = await rejectionOf(registry.load('candidate'))
      expect(error).to.be.instanceOf(NotNowError)
      expect(error).to.include({ code: 'model_unavailable' })
      expect(error).to.match(/candidate/)
    })

    it('refuses names that no alias can have', async () => {
      const registry = await open({ champion: { 'model.onnx': 'graph' } })
      for (const alias of [
        '',
        '..',
        '../champion',
        'champion/',
        'Champion',
        '.hidden',
        'a'.repeat(65),
        'a\0',
      ]) {
        expect(await rejectionOf(registry.load(alias)), alias).to.be.instanceOf(RefusedError)
      }
    })
  })
}
