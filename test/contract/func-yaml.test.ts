import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import AjvDraft04 from 'ajv-draft-04'
import { expect } from 'chai'
import { parse } from 'yaml'
import { z } from 'zod'

const root = fileURLToPath(new URL('../../', import.meta.url))
const files = ['func.yaml', 'functions/scrape/func.yaml', 'functions/infer/func.yaml']
const readYaml = (file: string): unknown => parse(readFileSync(join(root, file), 'utf8'))

/** func publishes its schema in its Go module; it is fetched when the test runs, not kept here. */
const funcModule = 'knative.dev/func@v0.49.2'

describe('func.yaml', () => {
  it('is valid by the schema of func', function () {
    this.timeout(120_000)
    const download = spawnSync('go', ['mod', 'download', '-json', funcModule], { encoding: 'utf8', cwd: '/' })
    if (download.error) {
      console.log(`      skipped: the schema comes with the Go module ${funcModule}, and there is no go here`)
      this.skip()
    }
    const { Dir } = z.object({ Dir: z.string() }).parse(JSON.parse(download.stdout))
    const schema = JSON.parse(readFileSync(join(Dir, 'schema/func_yaml-schema.json'), 'utf8')) as object
    const validate = new AjvDraft04.default({ strict: false, validateFormats: false }).compile(schema)
    for (const file of files) {
      validate(readYaml(file))
      expect(validate.errors, file).to.equal(null)
    }
    validate({ ...(readYaml('func.yaml') as object), extra: 1 })
    expect(validate.errors, 'an unknown key is noticed').to.not.equal(null)
  })

  it('names the function by its folder and asks the health routes we serve', () => {
    const shape = z.object({
      specVersion: z.literal('0.36.0'),
      name: z.enum(['predict', 'scrape', 'infer']),
      created: z.coerce.date(),
      invoke: z.literal('cloudevent'),
      deploy: z.object({
        healthEndpoints: z.object({
          liveness: z.literal('/health/liveness'),
          readiness: z.literal('/health/readiness'),
        }),
      }),
    })
    expect(files.map((file) => shape.parse(readYaml(file)).name)).to.deep.equal([
      'predict',
      'scrape',
      'infer',
    ])
  })
})
