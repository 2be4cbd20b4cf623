/** Whole training steps on the float64 interpreter against Keras in float64. */
import { describe, expect, it } from 'vitest';
import { interpretFunction } from '../../../../src/compiler/graph/interpret.ts';
import { initialSlots } from '../../../../src/compiler/graph/initial.ts';
import { numbersOf } from '../../../../src/compiler/graph/metrics/finish.ts';
import { rateAt } from '../../../../src/compiler/graph/schedule.ts';
import type { NDArray } from '../../../../src/compiler/graph/ndarray.ts';
import { ndarray, sizeOf } from '../../../../src/compiler/graph/ndarray.ts';
import { buildTraining } from '../../../../src/compiler/graph/training.ts';
import type { TrainingGraph } from '../../../../src/compiler/graph/types.ts';
import type { Golden, GoldenTensor } from '../../../goldens/load.ts';
import { batchesOf, goldenNames, loadGolden, rowsOf, weightsOf } from '../../../goldens/load.ts';

/**
 * Both sides compute in float64, but Keras takes momentum and Adam's betas, and TensorFlow a leaky relu's slope, through
 * float32: a relative 1e-8, of which 1 − β2^t makes 1e-5 of Adam's first steps where β2 is not exact in float32.
 */
function toleranceOf({ program: { compile } }: Golden): number {
  return 'beta_2' in compile.optimizer && Math.fround(compile.optimizer.beta_2) !== compile.optimizer.beta_2 ? 1e-5 : 2e-8;
}

function expectClose(got: ArrayLike<number>, wanted: readonly number[], tolerance: number, what: string): void {
  expect(got.length, what).toBe(wanted.length);
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(got[i] - value) / Math.max(1, Math.abs(value))), 0);
  expect(worst, `${what}: largest difference`).toBeLessThan(tolerance);
}

const array = ({ shape, data }: GoldenTensor, dtype: NDArray['dtype'] = 'float32'): NDArray => ndarray(shape, data, dtype);

function feeds(golden: Golden, graph: TrainingGraph, from: number, to: number): Record<string, NDArray> {
  const typeOf = (name: string) => graph.train.inputs.find((input) => input.node.label.endsWith(name))!.dtype;
  return { x: array(rowsOf(golden.x, from, to), typeOf('x')), y: array(rowsOf(golden.y, from, to), typeOf('y')) };
}

function evaluated(golden: Golden, graph: TrainingGraph, variables: ReadonlyMap<string, NDArray>): number[] {
  const sums = batchesOf(golden).map(([from, to]) => interpretFunction(graph.evaluate, feeds(golden, graph, from, to), variables).outputs.sums.data);
  return Object.values(numbersOf(golden.program, sums[0].map((_, i) => sums.reduce((total, batch) => total + batch[i], 0)), golden.x.shape[0]));
}

const predicted = (golden: Golden, graph: TrainingGraph, variables: ReadonlyMap<string, NDArray>): Float64Array =>
  interpretFunction(graph.predict, feeds(golden, graph, 0, golden.x.shape[0]), variables).outputs.y.data;

describe.each(goldenNames)('%s', (name) => {
  it.each([true, false])('is what Keras computes (max-pools first: %s)', (poolFirst) => {
    const golden = loadGolden(name);
    const close = (got: ArrayLike<number>, wanted: readonly number[], what: string): void => expectClose(got, wanted, toleranceOf(golden), what);
    const graph = buildTraining(golden.program, { pixels: golden.pixels, rewrites: { poolFirst } });
    const variables = new Map<string, NDArray>([
      ...Object.entries(golden.initial).map(([key, value]) => [key, array(value)] as const),
      ...Object.entries(golden.statistics).map(([key, value]) => [key, array(value)] as const),
      ...Object.entries(initialSlots(graph)).map(([key, value]) => [key, ndarray(graph.variables.find((v) => v.name === key)!.type.shape, value)] as const),
    ]);
    expect([...variables.keys()].sort()).toEqual(graph.variables.map((variable) => variable.name).sort());
    for (const { name: key, type } of graph.variables) expect(variables.get(key)!.data.length, key).toBe(sizeOf(type.shape));

    close(evaluated(golden, graph, variables), golden.before.evaluate, 'evaluate before');
    close(predicted(golden, graph, variables), golden.before.predict.data, 'predict before');

    const batches = batchesOf(golden);
    golden.steps.forEach((wanted, i) => {
      const [from, to] = batches[i % batches.length];
      const scalars = { key: ndarray([2], [1, 2], 'int32'), step: ndarray([], [i + 1], 'int32'), lr: ndarray([], [rateAt(golden.program.compile.optimizer.lr, i)]) };
      const weights = weightsOf(golden, from, to);
      const { outputs, updates } = interpretFunction(graph.train, { ...feeds(golden, graph, from, to), ...(weights ? { weights: ndarray([to - from], weights) } : {}), ...scalars }, variables);
      close(Object.values(numbersOf(golden.program, outputs.sums.data, to - from)), wanted, `step ${i + 1}: loss and metrics`);
      expect([...outputs.finite.data]).toEqual([1]);
      for (const [key, value] of updates) variables.set(key, value);
    });

    for (const [key, value] of Object.entries(golden.final)) close(variables.get(key)!.data, value.data, key);
    close(evaluated(golden, graph, variables), golden.after.evaluate, 'evaluate after');
    close(predicted(golden, graph, variables), golden.after.predict.data, 'predict after');
  });
});
