import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { catalogue } from '../../events/catalogue.ts'
import { envelopeSchema } from '../../events/envelope.ts'

const folder = fileURLToPath(new URL('../../events/examples/', import.meta.url))
const kindsFolder = fileURLToPath(new URL('../../events/kinds/', import.meta.url))

describe('the catalogue of events', () => {
  it('holds every kind once, with examples valid and invalid, and nothing else has examples', () => {
    const types = catalogue.map((kind) => kind.type)
    expect(new Set(types).size).to.equal(types.length)
    expect(readdirSync(folder).toSorted()).to.deep.equal(types.toSorted())
    expect(readdirSync(kindsFolder)).to.have.length(types.length)
  })

  it('follows the naming rule', () => {
    for (const kind of catalogue) expect(kind.type).to.match(/^soccer\.[a-z]+\.[a-z]+ed\.v1$/)
  })
})

for (const kind of catalogue) {
  describe(kind.type, () => {
    const names = readdirSync(`${folder}${kind.type}`)

    it('has at least one valid and one invalid example', () => {
      expect(names.some((name) => name.startsWith('valid'))).to.equal(true)
      expect(names.some((name) => name.startsWith('invalid'))).to.equal(true)
    })

    for (const name of names) {
      const event: unknown = JSON.parse(readFileSync(`${folder}${kind.type}/${name}`, 'utf8'))

      it(`takes ${name} for what its name says`, () => {
        const envelope = envelopeSchema.safeParse(event)
        const data = kind.data.safeParse((event as { data: unknown }).data)
        expect(envelope.success && data.success).to.equal(name.startsWith('valid'))
      })

      if (name.startsWith('valid')) {
        it(`keeps ${name} as it is and of this kind`, () => {
          const envelope = envelopeSchema.parse(event)
          expect(envelope.type).to.equal(kind.type)
          expect(envelope.source).to.equal(kind.source)
          expect(envelope.dataschema).to.equal(`urn:soccer:schema:${kind.type}`)
          expect(kind.data.parse(envelope.data)).to.deep.equal(envelope.data)
        })
      }
    }
  })
}
