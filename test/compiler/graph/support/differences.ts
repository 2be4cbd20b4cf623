/** Autodiff against central differences of the float64 interpreter. */
import { expect } from 'vitest';
import { gradients } from '../../../../src/compiler/graph/autodiff.ts';
import type { Builder } from '../../../../src/compiler/graph/build.ts';
import { builder } from '../../../../src/compiler/graph/build.ts';
import { interpret } from '../../../../src/compiler/graph/interpret.ts';
import type { NDArray } from '../../../../src/compiler/graph/ndarray.ts';
import { ndarray, sizeOf } from '../../../../src/compiler/graph/ndarray.ts';
import { draws, Purpose, shuffle } from '../../../../src/compiler/graph/philox.ts';
import type { Value } from '../../../../src/compiler/graph/types.ts';
import { BATCH } from '../../../../src/compiler/graph/types.ts';
import { verifyValues } from '../../../../src/compiler/graph/verify.ts';

/** Runs per property: few by default, many in a soak. */
export const RUNS = process.env.CNNC_SOAK ? 500 : 8;

export interface Example {
  /** Differentiated inputs. `batch`: dimension 0 is the batch in the graph. */
  readonly inputs: readonly { readonly shape: readonly number[]; readonly batch?: boolean }[];
  readonly build: (g: Builder, inputs: readonly Value[]) => Value;
  /** Values lie in this interval. */
  readonly range?: readonly [number, number];
}

/**
 * Numbers for all inputs from one shuffled, evenly spaced row: no two are equal and none is 0, 6 or another multiple of an
 * eighth of the range, so that nothing sits on a kink or a tie.
 */
export function spread(shapes: readonly (readonly number[])[], [low, high]: readonly [number, number], seed: number): NDArray[] {
  const total = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0);
  const row = shuffle(Float64Array.from({ length: total }, (_, i) => low + ((i + 0.3) / total) * (high - low)), draws(seed, Purpose.synthetic));
  let at = 0;
  return shapes.map((shape) => ndarray(shape, row.slice(at, (at += sizeOf(shape)))));
}

/** Checks d(Σ y·r)/d(input) for every input, for a random r of y's shape: relative error below 1e-6. */
export function expectGradients({ inputs, build, range = [-2, 2] }: Example, seed: number): void {
  const g = builder();
  const values = inputs.map(({ shape, batch }, i) => g.input(`${i}`, { dtype: 'float32', shape: batch ? [BATCH, ...shape.slice(1)] : shape }));
  const y = build(g, values);
  const arrays = spread(inputs.map(({ shape }) => shape), range, seed);
  const feeds: Record<string, NDArray> = Object.fromEntries(arrays.map((array, i) => [`${i}`, array]));
  const [made] = interpret([y], feeds);
  feeds.r = spread([made.shape], [-1, 1], seed + 1)[0];
  const loss = g.reduce('sum', g.mul(y, g.input('r', y)), y.shape.map((_, axis) => axis));
  const derived = gradients(g, loss, values);
  verifyValues(derived);
  const evaluated = interpret(derived, feeds);

  arrays.forEach((array, i) => {
    expect(evaluated[i].shape).toEqual(array.shape);
    array.data.forEach((x, j) => {
      const lossAt = (v: number): number => {
        const data = array.data.slice();
        data[j] = v;
        return interpret([loss], { ...feeds, [i]: ndarray(array.shape, data) })[0].data[0];
      };
      const h = 1e-5;
      const want = (lossAt(x + h) - lossAt(x - h)) / (2 * h);
      const got = evaluated[i].data[j];
      expect(Math.abs(got - want) / Math.max(1, Math.abs(want)), `input ${i}, element ${j}: ${got}, differences say ${want}`).toBeLessThan(1e-6);
    });
  });
}
