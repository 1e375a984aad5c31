import '../../runtime/config/no-telemetry.ts'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { ModelFileError } from './model-errors.ts'

/** Runs the graph: float32 `features` [N, K] in, float32 `probabilities` [N, 3] (home, draw, away) out. */
export interface Scorer {
  /** @param rows `count` rows of features, one after another */
  score(rows: Float32Array, count: number): Promise<Float32Array>
  close(): Promise<void>
}

/** @throws ModelFileError the bytes are no graph with that input and output */
export async function createScorer(onnx: Uint8Array): Promise<Scorer> {
  const session = await openSession(onnx)
  if (!session.inputNames.includes('features') || !session.outputNames.includes('probabilities')) {
    await session.release()
    throw new ModelFileError('model.onnx', 'the graph lacks input `features` or output `probabilities`')
  }
  return {
    async score(rows, count) {
      const features = new Tensor('float32', rows, [count, rows.length / count])
      const { probabilities } = await session.run({ features })
      if (!(probabilities?.data instanceof Float32Array))
        throw new TypeError('the graph gave no float32 output')
      return probabilities.data
    },
    close: async () => session.release(),
  }
}

async function openSession(onnx: Uint8Array): Promise<InferenceSession> {
  try {
    // One thread: a row takes microseconds, and more threads would spin on a node of few cores.
    return await InferenceSession.create(onnx, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    })
  } catch (error) {
    throw new ModelFileError('model.onnx', 'onnxruntime cannot load it', error)
  }
}
