/** Every operation on an engine beside its float64 meaning: what both backends' tests share. The cases are in tensorflow/cases.ts. */
import { expect } from 'vitest';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import type { NDArray } from '../../../src/compiler/graph/ndarray.ts';
import type { GraphFunction, OpName, TrainingGraph, Value } from '../../../src/compiler/graph/types.ts';
import type { Engine, Tensor } from '../../../src/runtime/engine/engine.ts';
import { cases, feeder } from './tensorflow/cases.ts';

const arrays = { float32: Float32Array, bfloat16: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array } as const;
const tensor = ({ dtype, shape, data }: NDArray): Tensor => ({ dtype, shape, data: arrays[dtype].from(data) });
const tensors = (values: Iterable<readonly [string, NDArray]>): Record<string, Tensor> => Object.fromEntries([...values].map(([name, value]) => [name, tensor(value)]));

function graphOf(outputs: readonly Value[], inputs: readonly Value[], variables: ReadonlyMap<string, NDArray>): TrainingGraph {
  const empty = (name: GraphFunction['name']): GraphFunction => ({ name, inputs: [], outputs: {}, updates: [] });
  const predict: GraphFunction = { name: 'predict', inputs, outputs: Object.fromEntries(outputs.map((v, i) => [`out_${i}`, v])), updates: [] };
  const kept = [...variables].map(([name, { shape }]) => ({ name, type: { dtype: 'float32', shape }, role: 'weight' }) as const);
  return { variables: kept, train: empty('train'), evaluate: empty('evaluate'), predict };
}

export async function expectMeaning(engine: Engine, op: OpName): Promise<void> {
  const f = feeder(7);
  const outputs = cases[op](f);
  const inputs = f.g.nodes.filter((n) => n.op === 'input').map((n) => n.outputs[0]);
  await engine.load(graphOf(outputs, inputs, f.variables));
  await engine.restore(tensors(f.variables));
  const given = await engine.run('predict', tensors(Object.entries(f.feeds)));
  const expected = interpret(outputs, f.feeds, f.variables);
  expected.forEach((want, i) => {
    const got = given[`out_${i}`];
    const where = `output ${i}, ${outputs[i].node.op} ${outputs[i].node.label}`;
    expect(got.dtype, where).toBe(want.dtype);
    expect(got.shape, where).toEqual(want.shape);
    if (want.dtype !== 'float32') expect([...got.data], where).toEqual([...want.data]);
    else want.data.forEach((w, j) => expect(Math.abs(got.data[j] - w), `${where}[${j}]: ${got.data[j]} for ${w}`).toBeLessThanOrEqual(3e-5 * (1 + Math.abs(w))));
  });
}
