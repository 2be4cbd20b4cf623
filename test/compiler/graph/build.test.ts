import { describe, expect, it } from 'vitest';
import type { Builder } from '../../../src/compiler/graph/build.ts';
import { builder } from '../../../src/compiler/graph/build.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { printValues } from '../../../src/compiler/graph/print.ts';
import type { DType, TensorType, Value } from '../../../src/compiler/graph/types.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';

const type = (shape: readonly number[], dtype: DType = 'float32'): TensorType => ({ dtype, shape });
const unit = { stride: [1, 1], padding: 'valid', dilation: [1, 1] } as const;
const half = { size: [2, 2], stride: [2, 2], padding: 'valid' } as const;

describe('types are inferred', () => {
  const inferred: [string, (g: Builder, x: Value) => Value, TensorType][] = [
    ['conv2d valid', (g, x) => g.conv2d(x, g.variable('w', type([3, 3, 2, 5])), unit), type([BATCH, 5, 6, 5])],
    ['conv2d same stride 2', (g, x) => g.conv2d(x, g.variable('w', type([3, 3, 2, 5])), { ...unit, stride: [2, 2], padding: 'same' }), type([BATCH, 4, 4, 5])],
    ['conv2d dilated', (g, x) => g.conv2d(x, g.variable('w', type([3, 3, 2, 5])), { ...unit, dilation: [3, 2] }), type([BATCH, 1, 4, 5])],
    ['maxPool', (g, x) => g.maxPool(x, half), type([BATCH, 3, 4, 2])],
    ['avgPool same', (g, x) => g.avgPool(x, { ...half, padding: 'same' }), type([BATCH, 4, 4, 2])],
    ['mean over the image', (g, x) => g.reduce('mean', x, [1, 2]), type([BATCH, 2])],
    ['sum over all', (g, x) => g.reduce('sum', x, [0, 1, 2, 3]), type([])],
    ['reshape', (g, x) => g.reshape(x, [BATCH, 112]), type([BATCH, 112])],
    ['comparison with a scalar', (g, x) => g.compare('greater', x, g.scalar(0)), type([BATCH, 7, 8, 2], 'bool')],
    ['broadcasting', (g, x) => g.mul(x, g.variable('s', type([8, 1]))), type([BATCH, 7, 8, 2])],
    ['batch size', (g, x) => g.batchSize(x), type([], 'int32')],
    ['argMax', (g, x) => g.argMax(x), type([BATCH, 7, 8], 'int32')],
    ['contraction over the batch', (g, x) => g.matmul(g.reshape(x, [BATCH, 112]), g.reshape(x, [BATCH, 112]), { transposeA: true }), type([112, 112])],
    ['dropout mask', (g, x) => g.dropoutMask(g.input('key', type([2], 'int32')), g.input('step', type([], 'int32')), x, { bits: 8, threshold: 64, stream: 0 }), type([BATCH, 7, 8, 2], 'bool')],
  ];
  it.each(inferred)('%s', (_, make, want) => {
    const g = builder();
    const { dtype, shape } = make(g, g.input('x', type([BATCH, 7, 8, 2])));
    expect({ dtype, shape }).toEqual(want);
  });
});

describe('misuse is an internal error', () => {
  const wrong: [string, (g: Builder, x: Value) => void][] = [
    ['channels do not fit', (g, x) => g.conv2d(x, g.variable('w', type([3, 3, 3, 5])), unit)],
    ['window does not fit', (g, x) => g.maxPool(x, { ...half, size: [9, 1] })],
    ['shapes do not broadcast', (g, x) => g.add(x, g.variable('b', type([3])))],
    ['the batch would not stand first', (g, x) => g.add(g.reduce('sum', x, [1, 2, 3]), g.variable('b', type([3, 1])))],
    ['the batch meets a number', (g, x) => g.add(x, g.variable('b', type([4, 7, 8, 2])))],
    ['dtypes differ', (g, x) => g.add(x, g.scalar(1, 'int32'))],
    ['whole numbers do not divide', (g) => g.div(g.scalar(1, 'int32'), g.scalar(2, 'int32'))],
    ['elements get lost', (g, x) => g.reshape(x, [BATCH, 100])],
    ['the batch gets lost', (g, x) => g.reshape(x, [112])],
    ['the batch is transposed', (g, x) => g.transpose(x, [1, 0, 2, 3])],
    ['bias of another length', (g, x) => g.biasAdd(x, g.variable('b', type([3])))],
    ['an axis twice', (g, x) => g.reduce('sum', x, [1, 1])],
    ['condition is no bool', (g, x) => g.select(x, x, x)],
    ['a variable with a batch', (g) => g.variable('v', type([BATCH, 2]))],
    ['constant of another size', (g) => g.constant([1, 2, 3], [2])],
    ['threshold beyond its bits', (g, x) => g.dropoutMask(g.constant([1, 2], [2], 'int32'), g.scalar(1, 'int32'), x, { bits: 8, threshold: 256, stream: 0 })],
    ['a value of another graph', (g) => g.unary('relu', builder().input('x', type([2])))],
  ];
  it.each(wrong)('%s', (_, make) => {
    const g = builder();
    const x = g.input('x', type([BATCH, 7, 8, 2]));
    expect(() => make(g, x)).toThrow(/internal error/);
  });
});

it('makes equal operations once', () => {
  const g = builder();
  const x = g.input('x', type([BATCH, 3]));
  expect(g.unary('relu', x)).toBe(g.unary('relu', x));
  expect(g.scalar(2)).toBe(g.constant([2], []));
  expect(g.unary('relu', x)).not.toBe(g.unary('relu6', x));
  expect(g.scalar(0)).not.toBe(g.scalar(-0));
  expect(g.scalar(Infinity)).not.toBe(g.scalar(NaN));
  expect(g.scalar(1)).not.toBe(g.scalar(1, 'int32'));
});

it('gives back its input where nothing changes', () => {
  const g = builder();
  const x = g.input('x', type([BATCH, 3]));
  expect([g.reshape(x, [BATCH, 3]), g.cast(x, 'float32'), g.transpose(x, [0, 1]), g.sumToShape(x, x), g.reduce('mean', x, [])]).toEqual([x, x, x, x, x]);
});

it('names operations by their scopes, and prints', () => {
  const g = builder();
  const x = g.input('x', type([BATCH, 4]));
  const y = g.scoped('head', () => g.scoped('dense_1', () => g.biasAdd(g.matmul(x, g.variable('dense_1/kernel', type([4, 2]))), g.constant([1, 2], [2]))));
  g.unary('relu', y); // not printed: nothing depends on it
  expect(printValues({ y })).toBe(
    [
      '%0 float32[N,4] = input() {name: x}  # x',
      '%1 float32[4,2] = variable() {name: dense_1/kernel}  # head/dense_1/dense_1/kernel',
      '%2 float32[N,2] = matmul(%0, %1) {transposeA: false, transposeB: false}  # head/dense_1/matmul',
      '%3 float32[2] = constant() {values: [1, 2]}  # head/dense_1/constant',
      '%4 float32[N,2] = biasAdd(%2, %3)  # head/dense_1/biasAdd',
      'y = %4',
      '',
    ].join('\n'),
  );
});

describe('the interpreter', () => {
  const g = builder();
  const x = g.input('x', type([BATCH, 2]));
  const y = g.add(x, g.variable('v', type([2])));

  it('takes any batch, and leaves its inputs alone', () => {
    const variables = new Map([['v', ndarray([2], [10, 20])]]);
    expect([...interpret([y], { x: ndarray([3, 2], [1, 2, 3, 4, 5, 6]) }, variables)[0].data]).toEqual([11, 22, 13, 24, 15, 26]);
    expect([...variables.get('v')!.data]).toEqual([10, 20]);
  });

  it.each<[string, Record<string, ReturnType<typeof ndarray>>]>([
    ['a missing feed', {}],
    ['another shape', { x: ndarray([3], [1, 2, 3]) }],
    ['another dtype', { x: ndarray([1, 2], [1, 2], 'int32') }],
  ])('refuses %s', (_, feeds) => {
    expect(() => interpret([y], feeds, new Map([['v', ndarray([2])]]))).toThrow(/internal error/);
  });
});
