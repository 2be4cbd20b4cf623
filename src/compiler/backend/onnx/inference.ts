/**
 * A trained network → ONNX for others: one input, pictures, one output, predictions; the weights are initializers, and what a
 * user of the model must know stands in its metadata. ONNX's own operators only, so every runtime reads it.
 */
import type { GraphFunction, TrainingGraph } from '../../graph/types.ts';
import { PLAIN, storedShape, toStored } from './layout.ts';
import { DataType, encodeModel } from './messages.ts';
import type { NodeProto, TensorProto, ValueInfoProto } from './messages.ts';
import { onnxModel } from './model.ts';
import { variableLayouts } from './variables.ts';

export interface OnnxModel {
  /** Of model.onnx. */
  readonly bytes: Uint8Array;
  /** The names under which it takes pictures and gives predictions. */
  readonly input: string;
  readonly output: string;
}

/**
 * @param graph its `predict`: one input, one output
 * @param values every variable that `predict` reads, row-major in the graph's layout
 * @param output what the output is called: `probabilities`
 * @param metadata metadata_props, in the order given
 */
export function toOnnxModel(graph: TrainingGraph, values: Readonly<Record<string, Float32Array>>, output: string, metadata: Readonly<Record<string, string>>): OnnxModel {
  const input = 'images';
  const layouts = variableLayouts({ ...graph, train: nothing(graph.train), evaluate: nothing(graph.evaluate) });
  const { model } = onnxModel(graph.predict, layouts);
  const types = new Map(graph.variables.map(({ name, type }) => [name, type]));

  const [fed] = model.graph.input.filter(({ name }) => name.startsWith('input/'));
  const [given] = model.graph.output;
  const names = new Map([[fed.name, input], [given.name, output]]);
  const weights: TensorProto[] = [];
  for (const { name } of model.graph.input) {
    if (!name.startsWith(STATE)) continue;
    const variable = name.slice(STATE.length);
    const { shape } = types.get(variable)!;
    const data = values[variable];
    if (!data) throw new Error(`there are no values for ${variable}`);
    const layout = layouts.get(variable) ?? PLAIN;
    const stored = toStored(data, shape, layout);
    names.set(name, variable);
    weights.push({ name: variable, dims: storedShape(shape, layout).map(BigInt), dataType: DataType.float32, rawData: new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength) });
  }
  const rename = (name: string): string => names.get(name) ?? name;
  const node = (n: NodeProto): NodeProto => ({ ...n, input: n.input.map(rename), output: n.output.map(rename) });
  const port = (info: ValueInfoProto): ValueInfoProto => ({ ...info, name: rename(info.name) });
  const bytes = encodeModel({
    ...model,
    graph: { ...model.graph, node: model.graph.node.map(node), initializer: [...model.graph.initializer, ...weights], input: [port(fed)], output: [port(given)] },
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
  return { bytes, input, output };
}

const STATE = 'state/';

/** A function that computes nothing: its operations shall not decide how weights are laid out. */
const nothing = (fn: GraphFunction): GraphFunction => ({ ...fn, outputs: {}, updates: [] });
