/**
 * The float64 interpreter as an engine, and the same with every result rounded to float32. What rounding alone changes is how
 * far two float32 engines may be apart: it tells a wrong operation from a badly conditioned network (a bias before batch
 * normalisation has no gradient but noise; a maximum over equal values may be anywhere).
 */
import type { NDArray } from '../../src/compiler/graph/ndarray.ts';
import { ndarray } from '../../src/compiler/graph/ndarray.ts';
import { operations } from '../../src/compiler/graph/ops/table.ts';
import { reachable } from '../../src/compiler/graph/rewrite/reachable.ts';
import type { Attrs, Operation, OpName, TrainingGraph, Value } from '../../src/compiler/graph/types.ts';
import type { Tensor, Tensors } from '../../src/runtime/engine/engine.ts';
import type { Runner } from './trace.ts';

/** Holds results as float64 between calls, unless `round`. */
export function reference({ round }: { readonly round: boolean }): Runner {
  let graph: TrainingGraph | null = null;
  const variables = new Map<string, NDArray>();
  return {
    load: async (loaded) => void (graph = loaded),
    restore: async (values) => Object.entries(values).forEach(([name, tensor]) => variables.set(name, toNDArray(tensor))),
    state: async (names) => Object.fromEntries([...variables].filter(([name]) => names.includes(name))),
    async run(name, feeds) {
      const fn = graph![name];
      const outputs = Object.keys(fn.outputs);
      const values = evaluate([...Object.values(fn.outputs), ...fn.updates.map((update) => update.value)], feeds, variables, round);
      fn.updates.forEach((update, i) => variables.set(update.variable, values[outputs.length + i]));
      return Object.fromEntries(outputs.map((output, i) => [output, values[i]]));
    },
  };
}

/** As `interpret`, each result rounded if asked for. */
export function evaluate(outputs: readonly Value[], feeds: Tensors, variables: ReadonlyMap<string, NDArray>, round = false): NDArray[] {
  const results = new Map<Operation, readonly NDArray[]>();
  for (const node of reachable(outputs)) {
    const made = sourceOf(node, feeds, variables) ?? apply(node, node.inputs.map((value) => results.get(value.node)![value.index]));
    results.set(node, round ? made.map(rounded) : made);
  }
  return outputs.map((value) => results.get(value.node)![value.index]);
}

const apply = <K extends OpName>(node: Operation<K>, inputs: readonly NDArray[]): readonly NDArray[] => operations[node.op].evaluate(inputs, node.attrs);
const rounded = (value: NDArray): NDArray => (value.dtype === 'float32' ? { ...value, data: value.data.map(Math.fround) } : value);

function sourceOf(node: Operation, feeds: Tensors, variables: ReadonlyMap<string, NDArray>): NDArray[] | null {
  if (node.op !== 'input' && node.op !== 'variable') return null;
  const { name } = node.attrs as Attrs<'input' | 'variable'>;
  const value = node.op === 'input' ? feeds[name] && toNDArray(feeds[name]) : variables.get(name);
  if (!value) throw new Error(`${node.op} ${name} has no value`);
  return [value];
}

const toNDArray = ({ shape, data, dtype }: Tensor): NDArray => ndarray(shape, data, dtype);
