/** Training in mixed_bfloat16 beside Keras's, on anything that runs a graph: the interpreter or an engine. */
import { expect } from 'vitest';
import { initialSlots } from '../../src/compiler/graph/initial.ts';
import { numbersOf } from '../../src/compiler/graph/metrics/finish.ts';
import { buildTraining } from '../../src/compiler/graph/training.ts';
import type { Engine, Tensor, Tensors } from '../../src/runtime/engine/engine.ts';
import { batchesOf, loadGolden, rowsOf, type GoldenTensor } from '../goldens/load.ts';

/**
 * Norm-relative. A bfloat16 has 8 bits, and what is computed of it is off by a half of 2⁻⁸ at each rounding; Keras's own gradients of convolutions are off by
 * a hundredth here (scripts/goldens/training_precision.py). Predictions and the loss are of one pass; changes of weights
 * are of five steps, through which every rounding goes on.
 */
const tolerances = { predictions: 0.01, loss: 0.02, change: 0.15 } as const;

/** Samples whose yes or no Keras's rounding may turn round. */
const TURNED = 2;

/** The norm of the difference by that of `wanted`. */
export function distance(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [difference, size] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    difference += (got[i] - wanted[i]) ** 2;
    size += wanted[i] ** 2;
  }
  return Math.sqrt(difference / (size || 1));
}

const tensor = ({ shape, data }: GoldenTensor, dtype: 'float32' | 'int32' | 'uint8' = 'float32'): Tensor => ({ dtype, shape, data: { float32: Float32Array, int32: Int32Array, uint8: Uint8Array }[dtype].from(data) });

export async function trainsAsKeras(engine: Engine, name: string): Promise<void> {
  const golden = loadGolden(name, 'precision');
  const { program } = golden;
  expect(program.compile.precision).toBe('mixed_bfloat16');
  const graph = buildTraining(program, { pixels: golden.pixels });
  await engine.load(graph);
  const slots = Object.entries(initialSlots(graph)).map(([key, data]) => [key, { dtype: 'float32', shape: graph.variables.find((v) => v.name === key)!.type.shape, data: Float32Array.from(data) } as const]);
  await engine.restore({ ...Object.fromEntries(Object.entries(golden.initial).map(([key, value]) => [key, tensor(value)])), ...Object.fromEntries(slots) });
  const y = graph.train.inputs.find(({ node }) => node.label === 'y')!.dtype as 'float32' | 'int32';
  const batch = (from: number, to: number): Tensors => ({ x: tensor(rowsOf(golden.x, from, to), 'uint8'), y: tensor(rowsOf(golden.y, from, to), y) });
  const predicted = async (): Promise<ArrayLike<number>> => (await engine.run('predict', { x: batch(0, golden.x.shape[0]).x })).y.data;

  expect(distance(await predicted(), golden.before.predict.data), 'predictions before').toBeLessThan(tolerances.predictions);
  const batches = batchesOf(golden);
  for (const [i, wanted] of golden.steps.entries()) {
    const [from, to] = batches[i % batches.length];
    const scalars: Tensors = { key: tensor({ shape: [2], data: [1, 2] }, 'int32'), step: tensor({ shape: [], data: [i + 1] }, 'int32'), lr: tensor({ shape: [], data: [Number(program.compile.optimizer.lr)] }) };
    const { sums } = await engine.run('train', { ...batch(from, to), ...scalars });
    const [loss, ...metrics] = Object.values(numbersOf(program, sums.data, to - from));
    expect(Math.abs(loss - wanted[0]) / wanted[0], `loss of step ${i + 1}`).toBeLessThan(tolerances.loss);
    metrics.forEach((metric, m) => expect(Math.abs(metric - wanted[m + 1]), `metric ${m + 1} of step ${i + 1}`).toBeLessThanOrEqual(Math.max(tolerances.loss, TURNED / (to - from)) + 1e-6));
  }
  const final = await engine.state();
  for (const [key, { data: wanted }] of Object.entries(golden.final)) {
    const start = golden.initial[key].data;
    const moved = (values: ArrayLike<number>): number[] => start.map((before, i) => values[i] - before);
    expect(distance(moved(final[key].data), moved(wanted)), `change of ${key}`).toBeLessThan(tolerances.change);
  }
  expect(distance(await predicted(), golden.after.predict.data), 'predictions after').toBeLessThan(4 * tolerances.predictions);
}
