import type { onnx as format } from 'onnx-proto'
// CommonJS whose exports Node cannot name before it runs.
import onnxProto from 'onnx-proto'
import type { SoftmaxWeights } from './softmax-weights.ts'

const { onnx } = onnxProto

/** Operators of opset 17 in file version 8: read by every onnxruntime since 1.12. */
const opset = 17
const irVersion = 8

/**
 * The graph of the model. IsNaN/Where fill unknown features with their mean, Sub/Div scale, Gemm gives a score an
 * outcome (the draw's is 0), Div by the temperature calibrates, Softmax ends it.
 */
export function writeOnnx({ means, scales, home, away, temperature }: SoftmaxWeights): Uint8Array {
  const width = means.length
  const weights = new Float32Array(width * 3)
  for (let at = 0; at < width; at++) {
    weights[at * 3] = home[at] ?? 0
    weights[at * 3 + 2] = away[at] ?? 0
  }
  const constants = [
    tensorOf('means', [1, width], means),
    tensorOf('scales', [1, width], scales),
    tensorOf('weights', [width, 3], weights),
    tensorOf('constants', [3], Float32Array.of(home[width] ?? 0, 0, away[width] ?? 0)),
    tensorOf('temperature', [1], Float32Array.of(temperature)),
  ]
  const graph = onnx.GraphProto.create({
    name: 'soccer-match-outcome',
    input: [valueOf('features', width)],
    output: [valueOf('probabilities', 3)],
    initializer: constants,
    node: [
      nodeOf('IsNaN', ['features'], 'unknown'),
      nodeOf('Where', ['unknown', 'means', 'features'], 'filled'),
      nodeOf('Sub', ['filled', 'means'], 'centred'),
      nodeOf('Div', ['centred', 'scales'], 'scaled'),
      nodeOf('Gemm', ['scaled', 'weights', 'constants'], 'scores'),
      nodeOf('Div', ['scores', 'temperature'], 'calibrated'),
      nodeOf('Softmax', ['calibrated'], 'probabilities', [
        onnx.AttributeProto.create({ name: 'axis', type: onnx.AttributeProto.AttributeType.INT, i: 1 }),
      ]),
    ],
  })
  const model = onnx.ModelProto.create({
    irVersion,
    producerName: 'soccer-function-bundle',
    opsetImport: [onnx.OperatorSetIdProto.create({ domain: '', version: opset })],
    graph,
  })
  return onnx.ModelProto.encode(model).finish()
}

function nodeOf(
  opType: string,
  input: string[],
  output: string,
  attribute: format.AttributeProto[] = [],
): format.NodeProto {
  return onnx.NodeProto.create({ opType, name: output, input, output: [output], attribute })
}

/** Raw bytes are little-endian by the format, as is every machine onnxruntime runs on. */
function tensorOf(name: string, dims: number[], values: Float32Array): format.TensorProto {
  const rawData = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return onnx.TensorProto.create({ name, dims, dataType: onnx.TensorProto.DataType.FLOAT, rawData })
}

/** A float32 table of any number of rows. */
function valueOf(name: string, width: number): format.ValueInfoProto {
  const dim = [{ dimParam: 'matches' }, { dimValue: width }].map((size) =>
    onnx.TensorShapeProto.Dimension.create(size),
  )
  const tensorType = onnx.TypeProto.Tensor.create({
    elemType: onnx.TensorProto.DataType.FLOAT,
    shape: onnx.TensorShapeProto.create({ dim }),
  })
  return onnx.ValueInfoProto.create({ name, type: onnx.TypeProto.create({ tensorType }) })
}
