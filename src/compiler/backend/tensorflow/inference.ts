/**
 * A trained network → SavedModel for others: one signature, `serving_default`, pictures in and predictions out, the weights as
 * constants. It needs nothing of cnnc's: TensorFlow Serving and Python's tf.saved_model.load read it.
 */
import { reachable } from '../../graph/rewrite/reachable.ts';
import type { GraphFunction, Operation } from '../../graph/types.ts';
import { DataType, encodeSavedModel } from './messages.ts';
import type { Context } from './operations/definition.ts';
import { emit } from './operations/emit.ts';
import { shapeProto, writer } from './writer.ts';
import type { Ref } from './writer.ts';

export interface InferenceModel {
  /** Of saved_model.pb. */
  readonly bytes: Uint8Array;
  /** The names under which the signature takes pictures and gives predictions. */
  readonly input: string;
  readonly output: string;
}

/**
 * @param predict the graph's `predict`: one input, one output
 * @param values every variable that it reads, row-major
 * @param output what the output is called: `probabilities`
 */
export function toInferenceModel(predict: GraphFunction, values: Readonly<Record<string, Float32Array>>, output: string): InferenceModel {
  const w = writer();
  const [x] = predict.inputs;
  const [y] = Object.values(predict.outputs);
  const input = 'images';
  const images = w.one('Placeholder', [], { dtype: x.dtype, shape: x.shape }, { name: input });
  const constants = new Map<string, Ref>();
  const outputs = new Map<Operation, readonly Ref[]>();
  const context: Context = {
    w,
    input: () => images,
    read(name, type) {
      const known = constants.get(name);
      if (known) return known;
      const data = values[name];
      if (!data) throw new Error(`there are no values for ${name}`);
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const made = w.one('Const', [], { dtype: type.dtype, value: { dtype: type.dtype, shape: type.shape, bytes } }, { name: `weights/${name}` });
      constants.set(name, made);
      return made;
    },
    // What others run it on is not known.
    bfloat16: 'emulated',
    reserve: new Map(),
  };
  for (const op of reachable([y])) {
    const inputs = op.inputs.map((value) => outputs.get(value.node)![value.index]);
    outputs.set(op, w.within(op.label, () => emit(context, op, inputs)));
  }
  const result = w.one('Identity', [outputs.get(y.node)![y.index]], {}, { name: output });
  const info = (ref: Ref, dtype: 'float32' | 'uint8', shape: readonly number[]) => ({ encoding: { case: 'name' as const, value: ref.name }, dtype: DataType[dtype], tensorShape: shapeProto(shape) });
  const bytes = encodeSavedModel({
    savedModelSchemaVersion: 1n,
    metaGraphs: [
      {
        metaInfoDef: { tags: ['serve'] },
        graphDef: { node: w.nodes, versions: { producer: 898 } },
        signatureDef: {
          serving_default: {
            inputs: { [input]: info(images, x.dtype === 'uint8' ? 'uint8' : 'float32', x.shape) },
            outputs: { [output]: info(result, 'float32', y.shape) },
            methodName: 'tensorflow/serving/predict',
          },
        },
      },
    ],
  });
  return { bytes, input, output };
}
