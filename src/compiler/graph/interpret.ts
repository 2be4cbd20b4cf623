/**
 * Runs graphs in float64, one operation at a time: slow, clear, the reference for gradients, rewrites and backends. Values of
 * bfloat16 are rounded to it after each operation; those of float32 are not rounded.
 * Every result is checked against the inferred type.
 */
import { toBfloat16 } from './bfloat16.ts';
import { ndarray } from './ndarray.ts';
import type { NDArray } from './ndarray.ts';
import { fail, showType } from './ops/definition.ts';
import { operations } from './ops/table.ts';
import { reachable, resultsOf } from './rewrite/reachable.ts';
import type { Attrs, GraphFunction, Operation, OpName, TensorType, Value } from './types.ts';
import { BATCH } from './types.ts';

export type Feeds = Readonly<Record<string, NDArray>>;
export type Variables = ReadonlyMap<string, NDArray>;

/** The values of `outputs`. Throws where a feed or a variable is missing or of another type. */
export function interpret(outputs: readonly Value[], feeds: Feeds = {}, variables: Variables = new Map()): NDArray[] {
  const results = new Map<Operation, readonly NDArray[]>();
  const valueOf = (value: Value): NDArray => results.get(value.node)![value.index];
  for (const node of reachable(outputs)) {
    const made = source(node, feeds, variables) ?? evaluate(node, node.inputs.map(valueOf)).map((value, i) => (node.outputs[i]?.dtype === 'bfloat16' ? rounded(value) : value));
    node.outputs.forEach((type, i) => check(node, type, made[i]));
    results.set(node, made);
  }
  return outputs.map(valueOf);
}

/** One call of a function. `updates` holds the new values of the variables that change; `variables` is left as it is. */
export function interpretFunction(fn: GraphFunction, feeds: Feeds, variables: Variables): { outputs: Record<string, NDArray>; updates: Map<string, NDArray> } {
  const names = Object.keys(fn.outputs);
  const values = interpret(resultsOf(fn), feeds, variables);
  return {
    outputs: Object.fromEntries(names.map((name, i) => [name, values[i]])),
    updates: new Map(fn.updates.map((update, i) => [update.variable, values[names.length + i]])),
  };
}

const evaluate = <K extends OpName>(node: Operation<K>, inputs: readonly NDArray[]): readonly NDArray[] => operations[node.op].evaluate(inputs, node.attrs);

/** What an operation on bfloat16 gives: its float64 meaning, rounded once. */
const rounded = ({ shape, data }: NDArray): NDArray => ndarray(shape, data.map(toBfloat16), 'bfloat16');

function source(node: Operation, feeds: Feeds, variables: Variables): NDArray[] | null {
  if (node.op !== 'input' && node.op !== 'variable') return null;
  const { name } = node.attrs as Attrs<'input' | 'variable'>;
  const value = node.op === 'input' ? feeds[name] : variables.get(name);
  return value ? [value] : fail(`${node.op} ${name} has no value`);
}

function check(node: Operation, type: TensorType, value: NDArray): void {
  const fits = value.dtype === type.dtype && value.shape.length === type.shape.length && type.shape.every((d, i) => d === BATCH || d === value.shape[i]);
  if (!fits) fail(`${node.op} ${node.label} gave ${showType(value)} for ${showType(type)}`);
}
