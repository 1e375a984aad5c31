import { z } from 'zod'
import { ModelFileError } from './model-errors.ts'
import { modeSchema } from './parameters.ts'

const daySchema = z.iso.date()
const periodSchema = z.strictObject({ from: daySchema, until: daySchema, matches: z.int().positive() })

/** Means over the matches of a period; see docs/model.md for the formulas. */
const metricsSchema = z.strictObject({
  n: z.int().positive(),
  log_loss: z.number().positive(),
  rps: z.number().min(0).max(1),
  brier: z.number().min(0).max(2),
  accuracy: z.number().min(0).max(1),
  ece: z.number().min(0).max(1),
})

const fileSchema = z.strictObject({
  bytes: z.int().positive(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const sourceSchema = z.strictObject({
  file: z.string(),
  rows: z.int().nonnegative(),
  origin: z.string(),
  licence: z.string(),
  note: z.string(),
})

/** What `manifest.json` of a model says. */
export const manifestSchema = z.strictObject({
  format: z.literal(1),
  name: z.literal('soccer-match-outcome'),
  version: z.string().regex(/^\d{4}\.\d\d\.\d\d-[0-9a-f]{8}$/),
  mode: modeSchema,
  /** Inputs of the graph, in order. */
  features: z.array(z.string()).min(1),
  outputs: z.tuple([z.literal('home'), z.literal('draw'), z.literal('away')]),
  weights_fitted: periodSchema,
  temperature: z.number().positive(),
  ratings_until: daySchema,
  test: z
    .strictObject({
      from: daySchema,
      until: daySchema,
      all: metricsSchema,
      with_closing_odds: z.strictObject({
        model: metricsSchema,
        closing_line_proportional: metricsSchema,
        closing_line_power: metricsSchema,
        closing_line_shin: metricsSchema,
      }),
    })
    .nullable(),
  sources: z.array(sourceSchema),
  files: z.strictObject({ 'model.onnx': fileSchema, 'states.json': fileSchema }),
})

export type Manifest = z.infer<typeof manifestSchema>

/** @throws ModelFileError no JSON, or not the shape of a manifest */
export function readManifest(bytes: Buffer): Manifest {
  return parseModelFile('manifest.json', bytes, manifestSchema)
}

/** @throws ModelFileError no JSON, or not of the schema */
export function parseModelFile<T>(file: string, bytes: Buffer, schema: z.ZodType<T>): T {
  let content: unknown
  try {
    content = JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw new ModelFileError(file, 'is no JSON', error)
  }
  const parsed = schema.safeParse(content)
  if (!parsed.success) throw new ModelFileError(file, z.prettifyError(parsed.error), parsed.error)
  return parsed.data
}
