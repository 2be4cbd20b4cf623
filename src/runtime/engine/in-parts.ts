/**
 * Variables cross to the engine's process and back in parts. A message exists several times while it is on its way (written,
 * sent, read), so all weights of a large network in one message would take many times their size.
 */
import { mostInMessage } from '../../compiler/memory/limits.ts';
import type { Engine, Tensor, Tensors } from './engine.ts';

/** The engine, reading and setting variables a few at a time. What is read is the state between two steps all the same: nothing else is asked meanwhile. */
export function inParts(engine: Engine): Engine {
  let bytes = new Map<string, number>();
  return {
    ...engine,
    async load(graph) {
      await engine.load(graph);
      bytes = new Map(graph.variables.map(({ name, type }) => [name, type.shape.reduce((a, b) => a * b, 4)]));
    },
    async restore(values: Tensors) {
      for (const names of grouped(Object.keys(values), (name) => values[name].data.byteLength)) await engine.restore(Object.fromEntries(names.map((name) => [name, values[name]])));
    },
    async state(names = [...bytes.keys()]) {
      const all: Record<string, Tensor> = {};
      for (const group of grouped(names, (name) => bytes.get(name) ?? 0)) Object.assign(all, await engine.state(group));
      return all;
    },
  };
}

/** In order, each group of at most `mostInMessage` or of one. No names are one empty group: what the engine says about that holds. */
function grouped(names: readonly string[], sizeOf: (name: string) => number): readonly (readonly string[])[] {
  const groups: string[][] = [[]];
  let sum = 0;
  for (const name of names) {
    const size = sizeOf(name);
    if (sum + size > mostInMessage && groups[groups.length - 1].length > 0) {
      groups.push([]);
      sum = 0;
    }
    groups[groups.length - 1].push(name);
    sum += size;
  }
  return groups;
}
