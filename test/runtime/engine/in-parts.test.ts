/** Variables that cross in parts: all arrive, in groups of a bounded size, and nothing else changes. */
import { describe, expect, it } from 'vitest';
import type { TrainingGraph } from '../../../src/compiler/graph/types.ts';
import type { Engine, Tensor, Tensors } from '../../../src/runtime/engine/engine.ts';
import { inParts } from '../../../src/runtime/engine/in-parts.ts';

const sizes = { small: 10, large: 3_000_000, other: 1_500_000, last: 20 };
const graph = { variables: Object.entries(sizes).map(([name, n]) => ({ name, type: { dtype: 'float32', shape: [n] }, role: 'weight' })) } as unknown as TrainingGraph;

function recording() {
  const asked: (readonly string[])[] = [];
  const held = new Map<string, Tensor>();
  const engine = {
    load: async () => undefined,
    restore: async (values: Tensors) => {
      asked.push(Object.keys(values));
      for (const [name, tensor] of Object.entries(values)) held.set(name, tensor);
    },
    state: async (names?: readonly string[]) => {
      asked.push(names ?? ['all']);
      return Object.fromEntries((names ?? [...held.keys()]).map((name) => [name, held.get(name)!]));
    },
  } as unknown as Engine;
  return { engine: inParts(engine), asked };
}

describe('inParts', () => {
  it('sets and reads everything, in groups of at most 8 MB or one variable', async () => {
    const { engine, asked } = recording();
    await engine.load(graph);
    const values: Tensors = Object.fromEntries(Object.entries(sizes).map(([name, n], i) => [name, { dtype: 'float32' as const, shape: [n], data: new Float32Array(n).fill(i + 1) }]));
    await engine.restore(values);
    const expected = [['small'], ['large'], ['other', 'last']];
    expect(asked).toEqual(expected);
    const state = await engine.state();
    expect(asked.slice(3)).toEqual(expected);
    expect(Object.keys(state)).toEqual(Object.keys(sizes));
    for (const [name, tensor] of Object.entries(values)) expect(state[name].data).toBe(tensor.data);
  });

  it('reads what is asked for', async () => {
    const { engine, asked } = recording();
    await engine.load(graph);
    await engine.restore({ small: { dtype: 'float32', shape: [10], data: new Float32Array(10) } });
    expect(Object.keys(await engine.state(['small']))).toEqual(['small']);
    await engine.state([]);
    expect(asked.slice(1)).toEqual([['small'], []]);
  });
});
