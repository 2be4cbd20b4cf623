/** Dead code elimination: what a set of values needs, and nothing else. */
import type { GraphFunction, Operation, Value } from '../types.ts';

/** All that a function is run for: its outputs, and the new values of variables. */
export const resultsOf = (fn: Pick<GraphFunction, 'outputs' | 'updates'>): readonly Value[] => [...Object.values(fn.outputs), ...fn.updates.map((update) => update.value)];

/** The operations that the values depend on, inputs before their users (in the order they were made). */
export function reachable(values: readonly Value[]): Operation[] {
  const found = new Set<Operation>();
  const waiting = values.map((value) => value.node);
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    for (const value of node.inputs) waiting.push(value.node);
  }
  // A builder makes inputs before their users, so its numbers are a topological order.
  return [...found].sort((a, b) => a.id - b.id);
}
