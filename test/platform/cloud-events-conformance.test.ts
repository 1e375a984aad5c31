import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { expect } from 'chai'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { type MirrorFunction, startMirrorFunction } from '../support/mirror-function.ts'
import { platform } from './support/platform.ts'

/** The vectors of github.com/cloudevents/conformance, sent to `serve` as its own tool sends them. */

const text = z.coerce.string()
const moment = z.union([z.string(), z.date().transform((date) => date.toISOString())])
const vectorSchema = z.object({
  Mode: z.enum(['binary', 'structured']).default('binary'),
  ContextAttributes: z.object({
    specversion: z.union([z.string(), z.number().transform((n) => n.toFixed(1))]),
    type: text,
    id: text,
    source: text,
    time: moment.optional(),
    datacontenttype: text.optional(),
    Extensions: z.record(z.string(), text).default({}),
  }),
  TransportExtensions: z.record(z.string(), text).default({}),
  Data: z.string(),
})
type Vector = z.infer<typeof vectorSchema>

interface Answer {
  readonly status: number
  readonly body: string
}

type Seen = Readonly<Record<string, unknown>>

const types = ['com.example.someevent', 'io.cloudevents.minimum']
const vectorFiles: readonly [file: string, count: number][] = [
  ['yaml/v1.yaml', 2],
  ['yaml/v1.0/v1_minimum.yaml', 6],
]
const file = (name: string) => readFileSync(join(platform('TEST_CONFORMANCE_FOLDER'), name), 'utf8')

function post(url: string, headers: Record<string, string>, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST', headers }, (answer) => {
      let got = ''
      answer.setEncoding('utf8').on('data', (part: string) => (got += part))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: got }))
    })
    asking.on('error', reject)
    asking.end(body)
  })
}

/** The tool cuts white space around attributes away and sends the data as it stands. */
function requestOf({
  Mode,
  ContextAttributes,
  TransportExtensions,
  Data,
}: Vector): [Record<string, string>, string] {
  const { Extensions, ...attributes } = ContextAttributes
  const all = Object.entries({ ...attributes, ...Extensions }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value.trim()] as const],
  )
  if (Mode === 'structured') {
    const body = JSON.stringify({ ...Object.fromEntries(all), data: JSON.parse(Data) as unknown })
    return [{ ...TransportExtensions, 'content-type': 'application/cloudevents+json; charset=UTF-8' }, body]
  }
  const headers = all.map(([name, value]) => [
    name === 'datacontenttype' ? 'content-type' : `ce-${name}`,
    value,
  ])
  return [{ ...TransportExtensions, ...(Object.fromEntries(headers) as Record<string, string>) }, Data]
}

describe('CloudEvents conformance', () => {
  let mirror: MirrorFunction
  before(async () => {
    mirror = await startMirrorFunction(...types)
  })
  after(() => mirror.close())

  for (const [name, count] of vectorFiles) {
    it(`sees the events of ${name} as they were meant`, async () => {
      const vectors = parseAllDocuments(file(name)).map((document) => vectorSchema.parse(document.toJS()))
      expect(vectors).to.have.lengthOf(count)
      for (const vector of vectors) {
        const [headers, body] = requestOf(vector)
        const answer = await post(mirror.url, headers, body)
        const what = `${vector.Mode} ${vector.ContextAttributes.id}`
        expect(answer.status, `${what}: ${answer.body}`).to.equal(200)
        assertSeen(JSON.parse(answer.body) as Seen, vector, what)
      }
    })
  }

  it('reads the requests of features/http-protocol-binding.feature as the feature says', async () => {
    const scenarios = readFeature(file('features/http-protocol-binding.feature'))
    expect(scenarios.map(({ contentType }) => contentType)).to.deep.equal([
      'application/json',
      'application/json; charset=utf-8',
      'application/cloudevents+json',
      'application/cloudevents+json; charset=utf-8',
    ])
    for (const { headers, body, attributes, data, contentType } of scenarios) {
      const answer = await post(mirror.url, headers, body)
      expect(answer.status, `${contentType}: ${answer.body}`).to.equal(200)
      const { time, ...seen } = JSON.parse(answer.body) as Seen
      const { time: wanted, ...others } = attributes
      expect(seen, contentType).to.include(others)
      expect(Date.parse(String(time)), contentType).to.equal(Date.parse(String(wanted)))
      expect(seen['data'], contentType).to.deep.equal(data)
    }
  })
})

function assertSeen(seen: Seen, { ContextAttributes, Data, Mode }: Vector, what: string): void {
  const { Extensions, time, ...attributes } = ContextAttributes
  expect(seen, what).to.include(attributes)
  for (const [name, value] of Object.entries(Extensions))
    expect(seen[name], `${what} ${name}`).to.equal(value.trim())
  if (time !== undefined) expect(Date.parse(String(seen['time'])), what).to.equal(Date.parse(time))
  const { datacontenttype: type } = attributes
  // Without a type, binary data is what it is: bytes.
  const isJson = Mode === 'structured' || type?.startsWith('application/json') === true
  const data = isJson ? (JSON.parse(Data) as unknown) : Data
  expect(textOf(seen['data']), what).to.deep.equal(data)
}

/** The mirror shows bytes as numbers. */
function textOf(data: unknown): unknown {
  const bytes = z.object({ bytes: z.array(z.number()) }).safeParse(data)
  return bytes.success ? Buffer.from(bytes.data.bytes).toString() : data
}

interface Scenario {
  readonly contentType: string
  readonly headers: Record<string, string>
  readonly body: string
  readonly attributes: Seen
  readonly data: unknown
}

/** As much of Gherkin as the file uses: outlines with one placeholder, texts in triple quotes, tables. */
function readFeature(feature: string): Scenario[] {
  return feature
    .split('Scenario Outline:')
    .slice(1)
    .flatMap((outline) => {
      const [, http = '', , json = ''] = outline.split('"""')
      const [steps = '', examples = ''] = outline.split('Examples:')
      const contentTypes = rowsOf(examples)
        .slice(1)
        .map(([type = '']) => type)
      return contentTypes.map((contentType) => {
        const fill = (filled: string) => filled.replaceAll('<contentType>', contentType)
        const [head = '', ...rest] = unindent(fill(http)).split('\n\n')
        const headers = head
          .trim()
          .split('\n')
          .slice(1)
          .map((line) => line.split(/:\s*(.*)/))
        const attributes = rowsOf(fill(steps)).slice(1)
        return {
          contentType,
          headers: without(Object.fromEntries(headers) as Record<string, string>, 'Content-Length', 'Host'),
          body: rest.join('\n\n').trim(),
          attributes: Object.fromEntries(attributes) as Seen,
          data: JSON.parse(json) as unknown,
        }
      })
    })
}

function rowsOf(textWithTables: string): string[][] {
  const lines = textWithTables.split('\n').map((line) => line.trim())
  return lines
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
}

function unindent(block: string): string {
  return block.replaceAll(/^ {8}/gm, '').replace(/^\n/, '')
}

/** The lengths in the file are of its own line ends. */
function without(headers: Record<string, string>, ...names: string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}
