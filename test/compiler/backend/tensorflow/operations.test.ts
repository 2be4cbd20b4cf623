/** Every operation on TensorFlow beside its float64 meaning. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { interpret } from '../../../../src/compiler/graph/interpret.ts';
import type { NDArray } from '../../../../src/compiler/graph/ndarray.ts';
import type { GraphFunction, OpName, TrainingGraph, Value } from '../../../../src/compiler/graph/types.ts';
import { openEngine } from '../../../../src/runtime/engine/choose.ts';
import type { Engine, Tensor } from '../../../../src/runtime/engine/engine.ts';
import { engineAvailable } from '../../../support/engine.ts';
import { cases, feeder } from './cases.ts';

const arrays = { float32: Float32Array, bfloat16: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array } as const;
const tensor = ({ dtype, shape, data }: NDArray): Tensor => ({ dtype, shape, data: arrays[dtype].from(data) });

export function graphOf(outputs: readonly Value[], inputs: readonly Value[]): TrainingGraph {
  const empty = (name: GraphFunction['name']): GraphFunction => ({ name, inputs: [], outputs: {}, updates: [] });
  const predict: GraphFunction = { name: 'predict', inputs, outputs: Object.fromEntries(outputs.map((v, i) => [`out_${i}`, v])), updates: [] };
  return { variables: [], train: empty('train'), evaluate: empty('evaluate'), predict };
}

describe.skipIf(!engineAvailable())('operations on TensorFlow', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openEngine({ threads: 2 });
  });
  afterAll(() => engine?.close());

  it.each(Object.keys(cases) as OpName[])('%s', async (op) => {
    const f = feeder(7);
    const outputs = cases[op](f);
    const inputs = f.g.nodes.filter((n) => n.op === 'input').map((n) => n.outputs[0]);
    await engine.load(graphOf(outputs, inputs));
    const given = await engine.run('predict', Object.fromEntries(Object.entries(f.feeds).map(([name, value]) => [name, tensor(value)])));
    const expected = interpret(outputs, f.feeds);
    expected.forEach((want, i) => {
      const got = given[`out_${i}`];
      const where = `output ${i}, ${outputs[i].node.op} ${outputs[i].node.label}`;
      expect(got.dtype, where).toBe(want.dtype);
      expect(got.shape, where).toEqual(want.shape);
      if (want.dtype !== 'float32') expect([...got.data], where).toEqual([...want.data]);
      else want.data.forEach((w, j) => expect(Math.abs(got.data[j] - w), `${where}[${j}]: ${got.data[j]} for ${w}`).toBeLessThanOrEqual(3e-5 * (1 + Math.abs(w))));
    });
  });
});
