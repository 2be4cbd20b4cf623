/**
 * One function of the training graph → an ONNX model. Inputs are the fed values, those that the engine computes (`host`) and
 * the variables that are read; outputs are the function's and the new values of the variables. Nothing is kept inside: the engine
 * holds the variables and gives them to each call. The bytes are a function of the graph alone.
 */
import { reachable, resultsOf } from '../../graph/rewrite/reachable.ts';
import type { GraphFunction, Operation, TensorType, Value } from '../../graph/types.ts';
import { BATCH } from '../../graph/types.ts';
import { PLAIN, storedShape } from './layout.ts';
import { DataType, encodeModel } from './messages.ts';
import type { ModelProto, NodeProto, ValueInfoProto } from './messages.ts';
import { convert } from './operations/definition.ts';
import type { Context, HostInput, Ref } from './operations/definition.ts';
import { operations } from './operations/table.ts';
import type { Layouts } from './variables.ts';
import { writer } from './writer.ts';

/** onnx 1.13: every onnxruntime since 1.14 knows it. */
const OPSET = 18;
const IR_VERSION = 8;

export interface OnnxFunction {
  readonly bytes: Uint8Array;
  /** What the caller feeds, by name; `inGraph` where the model itself takes it. */
  readonly inputs: Readonly<Record<string, TensorType & { readonly inGraph: boolean }>>;
  /** What the engine computes and feeds. */
  readonly host: readonly (HostInput & { readonly storedShape: readonly number[] })[];
  /** Variables the model takes, as `state/<name>`. */
  readonly reads: readonly string[];
  readonly outputs: Readonly<Record<string, TensorType>>;
  /** Variables whose new values the model gives, as `next/<name>`, in their layouts. */
  readonly updates: readonly string[];
}

export interface OnnxOptions {
  /** Channels in a block of the runtime's own convolutions, where the model is for this processor only; null for ONNX's operators alone. */
  readonly block: number | null;
}

export function toOnnx(fn: GraphFunction, layouts: Layouts, options?: OnnxOptions): OnnxFunction {
  const { model, ...about } = onnxModel(fn, layouts, options);
  return { bytes: encodeModel(model), ...about };
}

/** The same before it is bytes. */
export function onnxModel(fn: GraphFunction, layouts: Layouts, { block }: OnnxOptions = { block: null }): Omit<OnnxFunction, 'bytes'> & { readonly model: ModelProto } {
  const w = writer();
  const reads = new Map<string, Ref>();
  const fed = new Map<string, Ref>();
  const host: HostInput[] = [];
  const values = new Map<Operation, readonly Ref[]>();
  const results = resultsOf(fn);
  const order = reachable(results);
  const users = new Map<Value, Operation[]>();
  for (const op of order) for (const value of new Set(op.inputs)) users.set(value, [...(users.get(value) ?? []), op]);
  const roots = new Set(results);

  const once = (map: Map<string, Ref>, key: string, make: () => Ref): Ref => {
    const known = map.get(key) ?? make();
    map.set(key, known);
    return known;
  };
  const context: Context = {
    w,
    block,
    input: (name, { dtype, shape }) => once(fed, name, () => ({ name: `input/${name}`, dtype, shape, layout: PLAIN })),
    read: (name, { dtype, shape }) => once(reads, name, () => ({ name: `state/${name}`, dtype, shape, layout: layouts.get(name) ?? PLAIN })),
    host: (input) => void host.push(input),
    users: (value) => users.get(value) ?? [],
    isOutput: (value) => roots.has(value),
    converted: new Map(),
    done: new Map(),
    places: new Map(),
  };
  for (const op of order) {
    const emit = operations[op.op] as (context: Context, op: Operation, inputs: readonly Ref[]) => readonly Ref[];
    const inputs = op.inputs.map((value) => values.get(value.node)![value.index]);
    const done = context.done.get(op);
    values.set(op, done ? [done] : w.within(op.label, () => emit(context, op, inputs)));
  }
  const refOf = (value: Value): Ref => values.get(value.node)![value.index];

  const outputs = Object.keys(fn.outputs).sort().map((name) => ({ name: `output/${name}`, ref: convert(context, refOf(fn.outputs[name]), PLAIN) }));
  const updates = fn.updates.map(({ variable, value }) => ({ name: `next/${variable}`, ref: convert(context, refOf(value), layouts.get(variable) ?? PLAIN) }));
  const given = [...outputs, ...updates];
  const names = given.map(({ name, ref }) => ({ source: ref.name, target: name }));
  const nodes = pruned(renamed(w.nodes, names), names.map(({ target }) => target));

  const used = new Set(nodes.flatMap((node) => node.input));
  const taken = (ref: Ref): boolean => used.has(ref.name);
  const hostInputs = host.filter(({ name }) => used.has(name));
  const inputs = [
    ...[...fed.values()].filter(taken).map((ref) => info(ref.name, ref.dtype, ref.shape)),
    ...hostInputs.map((input) => info(input.name, input.kind === 'mask' && input.keep === null ? 'bool' : 'float32', storedShape(input.shape, input.layout))),
    ...[...reads.values()].filter(taken).map((ref) => info(ref.name, ref.dtype, storedShape(ref.shape, ref.layout))),
  ];
  const model: ModelProto = {
    irVersion: BigInt(IR_VERSION),
    producerName: 'cnnc',
    graph: {
      name: fn.name,
      node: nodes,
      initializer: w.constants.filter(({ name }) => used.has(name)),
      input: inputs,
      output: given.map(({ name, ref }) => info(name, ref.dtype, storedShape(ref.shape, ref.layout))),
    },
    opsetImport: [{ domain: '', version: BigInt(OPSET) }, ...[...w.domains].sort().map((domain) => ({ domain, version: 1n }))],
    metadataProps: [],
  };
  return {
    model,
    inputs: Object.fromEntries(
      fn.inputs.map((value) => {
        const { name } = (value.node as Operation<'input'>).attrs;
        const ref = fed.get(name);
        return [name, { dtype: value.dtype, shape: value.shape, inGraph: ref !== undefined && taken(ref) }];
      }),
    ),
    host: hostInputs.map((input) => ({ ...input, storedShape: storedShape(input.shape, input.layout) })),
    reads: [...reads].filter(([, ref]) => taken(ref)).map(([name]) => name),
    outputs: Object.fromEntries(Object.entries(fn.outputs).map(([name, { dtype, shape }]) => [name, { dtype, shape }])),
    updates: fn.updates.map((update) => update.variable),
  };
}

const info = (name: string, dtype: TensorType['dtype'], shape: readonly number[]): ValueInfoProto => ({
  name,
  type: {
    tensorType: {
      elemType: DataType[dtype],
      shape: { dim: shape.map((d) => ({ value: d === BATCH ? { case: 'dimParam', value: 'N' } : { case: 'dimValue', value: BigInt(d) } })) },
    },
  },
});

/** Outputs get their names where they are made, so that nothing is copied; a value given twice, or not made by a node, through Identity. */
function renamed(nodes: readonly NodeProto[], names: readonly { readonly source: string; readonly target: string }[]): NodeProto[] {
  const made = new Set(nodes.flatMap((node) => node.output));
  const direct = new Map<string, string>();
  const copies: NodeProto[] = [];
  for (const { source, target } of names) {
    if (made.has(source) && !direct.has(source)) direct.set(source, target);
    else copies.push({ name: `copy/${target}`, opType: 'Identity', domain: '', input: [source], output: [target], attribute: [] });
  }
  const rename = (name: string): string => direct.get(name) ?? name;
  return [...nodes, ...copies].map((node) => ({ ...node, input: node.input.map(rename), output: node.output.map(rename) }));
}

/** Without the nodes that no output needs: a fed picture whose warped form is used, a pool's second form. */
function pruned(nodes: readonly NodeProto[], outputs: readonly string[]): NodeProto[] {
  const needed = new Set(outputs);
  const kept: NodeProto[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    node.input.forEach((name) => needed.add(name));
    kept.push(node);
  }
  return kept.reverse();
}
