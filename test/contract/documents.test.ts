import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { inferVariables } from '../../functions/infer/config.ts'
import { predictVariables } from '../../functions/predict/config.ts'
import { sharedVariables } from '../../functions/runtime/config/variables.ts'
import { scrapeVariables } from '../../functions/scrape/config.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string) => readFileSync(root + file, 'utf8')
const rows = (file: string) =>
  [...read(file).matchAll(/^\|\s*`([^`]+)`\s*\|([^|]+)\|([^|]+)\|/gm)].map((match) =>
    match.slice(1, 4).map((cell) => cell.trim()),
  )

describe('docs/reference/variables.md', () => {
  const functions = { predict: predictVariables, scrape: scrapeVariables, infer: inferVariables }
  const documented = rows('docs/reference/variables.md')

  it('lists every variable of every function, and no other', () => {
    const known = new Set(Object.values(functions).flatMap((schema) => Object.keys(schema.shape)))
    expect(documented.map(([name]) => name).toSorted()).to.deep.equal([...known].toSorted())
  })

  it('says to whom each belongs', () => {
    for (const [name = '', owners = ''] of documented) {
      const having = Object.entries(functions).flatMap(([owner, schema]) =>
        name in schema.shape ? [owner] : [],
      )
      const expected = name in sharedVariables ? 'all' : having.join(', ')
      expect(owners, name).to.equal(expected)
    }
  })

  it('tells the defaults as they are', () => {
    for (const [name = '', , told] of documented) {
      for (const schema of Object.values(functions)) {
        const shape: Readonly<Record<string, { safeParse(value: unknown): { data?: unknown } }>> =
          schema.shape
        if (!(name in shape)) continue
        const value = shape[name]?.safeParse(undefined).data
        const nothing = value === undefined || (Array.isArray(value) && value.length === 0)
        expect(nothing ? '–' : String(value), name).to.equal(told)
      }
    }
  })
})

describe('docs/reference/problems.md', () => {
  it('lists every code that the functions answer, with its status, and no other', () => {
    const sources = readdirSync(`${root}functions`, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => read(`functions/${file}`))
    const refused = sources.flatMap((text) =>
      [...text.matchAll(/new RefusedError\(\s*'(\w+)',\s*(\d{3})/g)].map(
        ([, code, status]) => `${code} ${status}`,
      ),
    )
    const later = sources.flatMap((text) =>
      [...text.matchAll(/new NotNowError\(\s*'(\w+)'/g)].map(([, code]) => `${code} 503`),
    )
    const documented = rows('docs/reference/problems.md').map(([code, status]) => `${code} ${status}`)
    const answered = new Set([...refused, ...later, 'internal_error 500'])
    expect(documented.toSorted()).to.deep.equal([...answered].toSorted())
  })
})

describe('README.md and the pages it leads to', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync(`${root}docs`).flatMap((f) => (f.endsWith('.md') ? [`docs/${f}`] : [])),
  ]

  it('link to files that exist', () => {
    for (const page of pages) {
      const folder = page.includes('/') ? 'docs/' : ''
      for (const [, link = ''] of read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        expect(
          () => readdirSync(root + folder + link.replace(/[^/]*$/, '')),
          `${page}: ${link}`,
        ).to.not.throw()
        const name = link.split('/').at(-1) ?? ''
        const there = name === '' || readdirSync(root + folder + link.replace(/[^/]*$/, '')).includes(name)
        expect(there, `${page}: ${link}`).to.equal(true)
      }
    }
  })

  it('name npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    for (const page of pages) {
      for (const [, name = ''] of read(page).matchAll(/npm run (?:--silent )?([\w:]+)/g)) {
        expect(scripts, `${page}: npm run ${name}`).to.have.property(name)
      }
    }
  })
})
