/** What an engine cannot run of a graph, found in its backend's table before anything is loaded, with the layer it came from. */
import { reachable } from '../graph/rewrite/reachable.ts';
import type { GraphFunction, OpName, TrainingGraph } from '../graph/types.ts';
import { operations as onnx } from './onnx/operations/table.ts';
import { operations as tensorflow } from './tensorflow/operations/table.ts';
import { Unsupported } from './unsupported.ts';

type Table = { readonly [Name in OpName]: unknown };

/** Every engine's table of operations. */
export const tables = { tensorflow, onnx } as const satisfies Readonly<Record<string, Table>>;
export type BackendKind = keyof typeof tables;

export interface Refusal {
  readonly unsupported: Unsupported;
  /** Where the operation comes from: the path of labels, such as `gradient/conv_1/conv2d`. */
  readonly label: string;
}

/** Empty: the engine runs all of it. One for each place that words come from. */
export function refusals(table: Table, graph: Pick<TrainingGraph, 'train' | 'evaluate' | 'predict'>): readonly Refusal[] {
  const functions: readonly GraphFunction[] = [graph.train, graph.evaluate, graph.predict];
  const needed = new Set(functions.flatMap((fn) => reachable([...Object.values(fn.outputs), ...fn.updates.map((update) => update.value)])));
  return [...needed].flatMap(({ op, label }) => {
    const entry = table[op];
    return entry instanceof Unsupported ? [{ unsupported: entry, label }] : [];
  });
}

/** All that the tables leave out, for documents and tests. */
export const unsupportedOf = (kind: BackendKind): readonly (readonly [op: OpName, unsupported: Unsupported])[] =>
  (Object.entries(tables[kind]) as [OpName, unknown][]).flatMap(([op, entry]) => (entry instanceof Unsupported ? [[op, entry] as const] : []));
