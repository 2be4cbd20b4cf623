/**
 * Training graph → SavedModel: a flat GraphDef (no TensorFlow functions) and one signature for each entry point.
 * train, evaluate, predict; state reads and restore sets variables, any subset of them. Variables are resources of the session.
 * Updates hang on the fetched outputs as control inputs and wait for the reads, so that everything sees the old values.
 * The bytes are a function of the graph alone.
 */
import type { DType, GraphFunction, Operation, OpName, TensorType, TrainingGraph, Value } from '../../graph/types.ts';
import { keepApart } from './keep-apart.ts';
import { DataType, encodeSavedModel } from './messages.ts';
import type { SignatureDef, TensorInfo } from './messages.ts';
import type { Bfloat16, Context } from './operations/definition.ts';
import { fusedUpdates } from './operations/optimizer.ts';
import { emit } from './operations/emit.ts';
import { shapeProto, writer } from './writer.ts';
import type { Ref } from './writer.ts';

export interface Port {
  /** `node:index`, what the addon is asked for. */
  readonly node: string;
  /** What we call it. Outputs of type bool and uint8 leave the graph as int32. */
  readonly dtype: DType;
  readonly shape: readonly number[];
}

export interface Signature {
  readonly inputs: Readonly<Record<string, Port>>;
  readonly outputs: Readonly<Record<string, Port>>;
}

export type SignatureName = 'train' | 'evaluate' | 'predict' | 'state' | 'restore';

export interface CompiledGraph {
  readonly bytes: Uint8Array;
  readonly signatures: Readonly<Record<SignatureName, Signature>>;
}

export const TAG = 'cnnc';

/**
 * restore: an input for each variable, and the output of the same name to fetch so that it is set.
 * bfloat16: `native` for a processor that multiplies it (operations/emit.ts); nothing to a graph without.
 */
export function toSavedModel(graph: TrainingGraph, bfloat16: Bfloat16 = 'emulated'): CompiledGraph {
  const w = writer();
  const handles = new Map<string, Ref>();
  const reads = new Map<string, Ref>();
  const inputs = new Map<string, Ref>();
  const outputs = new Map<Operation, readonly Ref[]>();
  for (const { name, type } of graph.variables) {
    handles.set(name, w.one('VarHandleOp', [], { dtype: type.dtype, shape: type.shape, shared_name: name }, { name: `variable/${name}` }));
  }
  const handleOf = (name: string): Ref => {
    const handle = handles.get(name);
    if (!handle) throw new Error(`the graph has no variable ${name}`);
    return handle;
  };
  const context: Context = {
    w,
    read: (name, type) => once(reads, name, () => w.one('ReadVariableOp', [handleOf(name)], { dtype: type.dtype }, { name: `read/${name}` })),
    input: (name, type) =>
      once(inputs, name, () => w.one('Placeholder', [], { dtype: type.dtype, shape: type.shape }, { name: `input/${name}` })),
    bfloat16,
    reserve: new Map(),
  };
  const refOf = (value: Value): Ref => outputs.get(value.node)![value.index];

  const write = (op: Operation): void => {
    if (outputs.has(op)) return;
    outputs.set(op, w.within(op.label, () => emit(context, op, op.inputs.map(refOf))));
  };

  const writeFunction = (fn: GraphFunction): Signature => {
    const fused = fusable(fn);
    // A fused step reads its variables itself.
    const order = operationsOf(fn, (op) => (fused.has(op) ? op.inputs.slice(ruleOf(op).variables) : op.inputs));
    for (const op of order) if (!fused.has(op)) write(op);
    const waits = (names: readonly string[]): Ref[] => names.flatMap((name) => reads.get(name) ?? []);

    const done = [...fused].map((op) => {
      const rule = ruleOf(op);
      const names = op.inputs.slice(0, rule.variables).map(variableName);
      const control = [...waits(names), ...lateReaders(op, order).map((reader) => outputs.get(reader)![0])];
      const refs = op.inputs.map((v, i) => (i < rule.variables ? undefined : refOf(v)));
      return w.within(op.label, () => rule.write(context, op, names.map(handleOf), refs, control));
    });
    for (const { variable, value } of fn.updates) {
      if (fused.has(value.node)) continue;
      done.push(w.one('AssignVariableOp', [handleOf(variable), refOf(value)], {}, { name: `${fn.name}/update/${variable}`, control: waits([variable]) }));
    }
    const after = done.length === 0 ? [] : [w.one('NoOp', [], {}, { name: `${fn.name}/updates`, control: done })];
    return {
      inputs: record(fn.inputs.map((v) => [inputName(v), port(context.input(inputName(v), v), v)])),
      outputs: record(
        Object.entries(fn.outputs).map(([name, value]) => [name, port(fetched(refOf(value), `${fn.name}/output/${name}`, after), value)]),
      ),
    };
  };

  /** An output may wait, and can be read: the addon knows float32 and int32. */
  const fetched = (ref: Ref, name: string, control: readonly Ref[]): Ref =>
    ref.dtype === 'float32' || ref.dtype === 'int32'
      ? w.one('Identity', [ref], {}, { name, control })
      : w.one('Cast', [ref], { DstT: 'int32' }, { name, control });

  const state = graph.variables.map(({ name, type }) => [name, port(fetched(context.read(name, type), `state/${name}`, []), type)] as const);
  const restore = graph.variables.map(({ name, type }) => {
    const value = w.one('Placeholder', [], { dtype: type.dtype, shape: type.shape }, { name: `restore/${name}` });
    const set = w.one('AssignVariableOp', [handleOf(name), value], {}, { name: `restore/${name}/set` });
    const ok = w.one('Identity', [w.constant('int32', 1)], {}, { name: `restore/${name}/done`, control: [set] });
    return { name, value: port(value, type), done: port(ok, { dtype: 'int32', shape: [] }) };
  });
  const signatures = {
    train: writeFunction(graph.train),
    evaluate: writeFunction(graph.evaluate),
    predict: writeFunction(graph.predict),
    state: { inputs: {}, outputs: record(state) },
    restore: { inputs: record(restore.map((r) => [r.name, r.value])), outputs: record(restore.map((r) => [r.name, r.done])) },
  };
  const bytes = encodeSavedModel({
    savedModelSchemaVersion: 1n,
    metaGraphs: [
      {
        metaInfoDef: { tags: [TAG] },
        // The version of TensorFlow 2.7, the oldest that the addon comes with.
        graphDef: { node: keepApart(w.nodes), versions: { producer: 898 } },
        signatureDef: record(Object.entries(signatures).map(([name, signature]) => [name, signatureDef(signature)])),
      },
    ],
  });
  return { bytes, signatures };
}

interface Rule {
  readonly variables: number;
  readonly write: (context: Context, op: Operation, handles: readonly Ref[], inputs: readonly (Ref | undefined)[], control: readonly Ref[]) => Ref;
}

const ruleOf = (op: Operation): Rule => fusedUpdates[op.op as keyof typeof fusedUpdates] as Rule;

function once<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Sorted by name: records of the output must not depend on how the graph was built. */
const record = <V>(entries: readonly (readonly [string, V])[]): Record<string, V> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

const port = (ref: Ref, type: TensorType): Port => ({ node: ref.name, dtype: type.dtype, shape: type.shape });

const inputName = (value: Value): string => (value.node as Operation<'input'>).attrs.name;
const variableName = (value: Value): string => (value.node as Operation<'variable'>).attrs.name;

const roots = (fn: GraphFunction): Value[] => [
  ...Object.keys(fn.outputs).sort().map((name) => fn.outputs[name]),
  ...fn.updates.map((u) => u.value),
];

/** What the operations depend on, themselves included; inputs before their users. */
function ancestors(of: readonly Value[], inputsOf: (op: Operation) => readonly Value[] = (op) => op.inputs): Set<Operation> {
  const order = new Set<Operation>();
  const entered = new Set<Operation>();
  const stack: { readonly op: Operation; next: number }[] = [];
  const enter = ({ node }: Value): void => {
    if (entered.has(node)) return;
    entered.add(node);
    stack.push({ op: node, next: 0 });
  };
  for (const root of of) {
    enter(root);
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const input = inputsOf(top.op)[top.next++];
      if (input) enter(input);
      else order.add(stack.pop()!.op);
    }
  }
  return order;
}

const operationsOf = (fn: GraphFunction, inputsOf?: (op: Operation) => readonly Value[]): Set<Operation> => ancestors(roots(fn), inputsOf);

/**
 * Operations that may still hold the old value of a step's variables when its gradient is there (a layer's gradient by its
 * input). The kernel would have to copy the variable; it waits for them instead.
 */
function lateReaders(op: Operation, order: Iterable<Operation>): Operation[] {
  const { variables } = ruleOf(op);
  const names = new Set(op.inputs.slice(0, variables).map(variableName));
  const before = ancestors(op.inputs.slice(variables));
  const reads = (v: Value): boolean => v.node.op === 'variable' && names.has(variableName(v));
  return [...order].filter((reader) => reader !== op && reader.inputs.some(reads) && !before.has(reader) && !(reader.op in fusedUpdates));
}

/**
 * Optimizer steps that a fused kernel may do in place: their first inputs are variables, each result is the new value of
 * its variable, and nothing else uses the results (an average of weights would).
 */
function fusable(fn: GraphFunction): Set<Operation> {
  const uses = new Map<Operation, number>();
  const use = (value: Value): void => void uses.set(value.node, (uses.get(value.node) ?? 0) + 1);
  const order = [...operationsOf(fn)];
  for (const op of order) op.inputs.forEach(use);
  Object.values(fn.outputs).forEach(use);
  const updates = new Map(fn.updates.map((u) => [u.variable, u.value]));

  const fits = (op: Operation): boolean => {
    if (!(op.op in fusedUpdates)) return false;
    const { variables } = fusedUpdates[op.op as keyof typeof fusedUpdates];
    return (
      (uses.get(op) ?? 0) === 0 &&
      op.inputs.slice(0, variables).every((v, i) => {
        if (v.node.op !== ('variable' satisfies OpName)) return false;
        const updated = updates.get(variableName(v));
        return updated?.node === op && updated.index === i;
      })
    );
  };
  return new Set(order.filter(fits));
}

function signatureDef(signature: Signature): SignatureDef {
  const info = (ports: Readonly<Record<string, Port>>, types: (dtype: DType) => DType): Record<string, TensorInfo> =>
    record(
      Object.entries(ports).map(([name, { node, dtype, shape }]) => [
        name,
        { encoding: { case: 'name', value: node }, dtype: DataType[types(dtype)], tensorShape: shapeProto(shape) },
      ]),
    );
  const readable = (dtype: DType): DType => (dtype === 'float32' ? dtype : 'int32');
  return { inputs: info(signature.inputs, (d) => d), outputs: info(signature.outputs, readable), methodName: 'cnnc' };
}
