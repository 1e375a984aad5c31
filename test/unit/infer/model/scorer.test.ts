import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { ModelFileError } from '../../../../functions/infer/model/model-errors.ts'
import { createScorer } from '../../../../functions/infer/model/scorer.ts'
import { writeOnnx } from '../../../../scripts/pipeline/write-onnx.ts'
import { useTemporaryFolder } from '../../../support/temporary-folder.ts'

// Home score = 2·(x−1)/0.5, away score = −1·(y−3)/2 + 0.5, both over the temperature 2.
const graph = writeOnnx({
  means: Float32Array.of(1, 3),
  scales: Float32Array.of(0.5, 2),
  home: Float32Array.of(2, 0, 0),
  away: Float32Array.of(0, -1, 0.5),
  temperature: 2,
})

describe('scorer', () => {
  const folder = useTemporaryFolder()

  it('fills, scales, weighs, calibrates and normalises inside the graph', async () => {
    const scorer = await createScorer(graph)
    const [home, draw, away] = await scorer.score(Float32Array.of(1.25, 4), 1)
    await scorer.close()
    // Scores 1 and 0; halved 0.5 and 0; e^0.5 = 1.648721, so 1.648721 : 1 : 1.
    expect(home).to.be.closeTo(1.648721 / 3.648721, 1e-6)
    expect(draw).to.be.closeTo(1 / 3.648721, 1e-6)
    expect(away).to.be.closeTo(1 / 3.648721, 1e-6)
  })

  it('takes an unknown feature for the mean, row by row', async () => {
    const scorer = await createScorer(graph)
    const scores = await scorer.score(Float32Array.of(NaN, NaN, 1, 3, 1.25, NaN), 3)
    await scorer.close()
    expect([...scores.subarray(0, 3)]).to.deep.equal([...scores.subarray(3, 6)])
    // Scores 0 and 0.5; halved 0 and 0.25; e^0.25 = 1.284025.
    expect(scores[2]).to.be.closeTo(1.284025 / 3.284025, 1e-6)
    expect(scores[6]).to.be.closeTo(1.648721 / (1.648721 + 1 + 1.284025), 1e-6)
  })

  it('refuses bytes that are no graph', async () => {
    const failure = await createScorer(Buffer.from('no graph')).catch((error: unknown) => error)
    expect(failure).to.be.instanceOf(ModelFileError)
  })

  it('keeps no telemetry in the home folder', () => {
    const module = fileURLToPath(new URL('../../../../functions/infer/model/scorer.ts', import.meta.url))
    const code = `const { createScorer } = await import(${JSON.stringify(module)})
      const scorer = await createScorer(Buffer.from('${Buffer.from(graph).toString('base64')}', 'base64'))
      await scorer.score(Float32Array.of(1, 3), 1)
      await scorer.close()`
    const env = { PATH: process.env['PATH'], HOME: folder(), XDG_CACHE_HOME: folder('cache') }
    execFileSync(process.execPath, ['--input-type=module', '-e', code], { env })
    expect(readdirSync(folder(), { recursive: true })).to.deep.equal([])
  })
})
