/** Mixed pictures and losses, by hand. */
import { expect, it } from 'vitest';
import { builder } from '../../../src/compiler/graph/build.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { mixImages, mixLosses } from '../../../src/compiler/graph/mix.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';

const own = [0, 10, 20, 30, 40, 50];
const other = [100, 100, 100, 200, 200, 200];

function mixed(kind: 'mixup' | 'cutmix', numbers: readonly number[]): number[] {
  const g = builder();
  const image = (name: string) => g.input(name, { dtype: 'float32', shape: [BATCH, 2, 3, 1] });
  const out = mixImages(g, image('a'), image('b'), g.input('mix', { dtype: 'float32', shape: [BATCH, numbers.length] }), { kind, alpha: 1, chance: 1 });
  return Array.from(interpret([out], { a: ndarray([1, 2, 3, 1], own), b: ndarray([1, 2, 3, 1], other), mix: ndarray([1, numbers.length], [...numbers]) })[0].data);
}

it('mixup blends', () => {
  expect(mixed('mixup', [1])).toEqual(own);
  expect(mixed('mixup', [0.75])).toEqual([25, 32.5, 40, 72.5, 80, 87.5]);
});

it('cutmix puts a rectangle in', () => {
  expect(mixed('cutmix', [1, 0, 0, 0, 0])).toEqual(own);
  expect(mixed('cutmix', [2 / 3, 0, 1, 1, 3])).toEqual([0, 100, 100, 30, 40, 50]);
});

it('losses are mixed by the share', () => {
  const g = builder();
  const losses = (name: string) => g.input(name, { dtype: 'float32', shape: [BATCH] });
  const out = mixLosses(g, losses('a'), losses('b'), g.input('mix', { dtype: 'float32', shape: [BATCH, 5] }));
  const { data } = interpret([out], { a: ndarray([2], [1, 4]), b: ndarray([2], [3, 8]), mix: ndarray([2, 5], [0.5, 9, 9, 9, 9, 1, 9, 9, 9, 9]) })[0];
  expect(Array.from(data)).toEqual([2, 4]);
});
