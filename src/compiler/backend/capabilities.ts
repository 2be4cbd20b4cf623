/** What an engine cannot run of a graph, found in its backend's table before anything is loaded, with the layer it came from. */
import { reachable, resultsOf } from '../graph/rewrite/reachable.ts';
import type { DType, GraphFunction, Operation, OpName, TrainingGraph } from '../graph/types.ts';
import { operations as onnx } from './onnx/operations/table.ts';
import { operations as tensorflow } from './tensorflow/operations/table.ts';
import { Unsupported } from './unsupported.ts';

type Table = { readonly [Name in OpName]: unknown };

/** Every engine's table of operations. */
export const tables = { tensorflow, onnx } as const satisfies Readonly<Record<string, Table>>;
export type BackendKind = keyof typeof tables;

/** Types of values that an engine's library does not compute with. */
export const missingTypes: Readonly<Record<BackendKind, Partial<Record<DType, Unsupported>>>> = {
  tensorflow: {},
  onnx: { bfloat16: new Unsupported('bfloat16', 'onnxruntime has no kernels of bfloat16 for processors') },
};

type Functions = Pick<TrainingGraph, 'train' | 'evaluate' | 'predict'>;

export interface Refusal {
  readonly unsupported: Unsupported;
  /** Where the operation comes from: the path of labels, such as `gradient/conv_1/conv2d`. */
  readonly label: string;
}

/** Empty: the engine runs all of it. One for each place that words come from. */
export function refusals(table: Table, graph: Functions): readonly Refusal[] {
  return [...neededBy(graph)].flatMap(({ op, label }) => {
    const entry = table[op];
    return entry instanceof Unsupported ? [{ unsupported: entry, label }] : [];
  });
}

/** A type of the graph's values that the engine does not compute with; undefined: it has all of them. */
export function missingType(kind: BackendKind, graph: Functions): DType | undefined {
  const lacks = missingTypes[kind];
  if (Object.keys(lacks).length === 0) return undefined;
  return [...neededBy(graph)].flatMap((op) => op.outputs).find(({ dtype }) => lacks[dtype])?.dtype;
}

function neededBy(graph: Functions): ReadonlySet<Operation> {
  const functions: readonly GraphFunction[] = [graph.train, graph.evaluate, graph.predict];
  return new Set(functions.flatMap((fn) => reachable(resultsOf(fn))));
}

/** All that an engine leaves out, for documents and tests. */
export const unsupportedOf = (kind: BackendKind): readonly Unsupported[] =>
  [...Object.values<unknown>(tables[kind]), ...Object.values(missingTypes[kind])].flatMap((entry) => (entry instanceof Unsupported ? [entry] : []));
