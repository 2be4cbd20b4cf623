/** Every gradient rule against finite differences, on random small shapes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { windowAlong } from '../../../../src/compiler/graph/ops/window.ts';
import { operations } from '../../../../src/compiler/graph/ops/table.ts';
import type { BinaryFunction, ConvAttrs, OpName, UnaryFunction, WindowAttrs } from '../../../../src/compiler/graph/types.ts';
import { BATCH } from '../../../../src/compiler/graph/types.ts';
import type { Example } from '../support/differences.ts';
import { expectGradients, RUNS } from '../support/differences.ts';

const dim = fc.integer({ min: 1, max: 4 });
const shape = fc.array(dim, { minLength: 1, maxLength: 3 });
const pair = (arbitrary: fc.Arbitrary<number>): fc.Arbitrary<[number, number]> => fc.tuple(arbitrary, arbitrary);
const padding = fc.constantFrom('same' as const, 'valid' as const);
const one = (shape: readonly number[], batch = true) => ({ shape, batch });

const unary = (fn: UnaryFunction, range: [number, number] = [-2, 2]): [string, OpName, fc.Arbitrary<Example>] => [
  fn, 'unary', shape.map((s) => ({ inputs: [one(s)], build: (g, [x]) => g.unary(fn, x), range })),
];

/** Two shapes that broadcast: some dimensions of each are 1, one may have fewer. */
const broadcast = fc.tuple(shape, fc.array(fc.constantFrom('both', 'left', 'right'), { minLength: 3, maxLength: 3 }), fc.nat(2)).map(([s, kept, dropped]) => [
  s.map((d, i) => (kept[i] === 'right' ? 1 : d)),
  s.map((d, i) => (kept[i] === 'left' ? 1 : d)).slice(Math.min(dropped, s.length - 1)),
]);
const binary = (fn: BinaryFunction, range: [number, number] = [-2, 2]): [string, OpName, fc.Arbitrary<Example>] => [
  fn, 'binary', broadcast.map(([a, b]) => ({ inputs: [one(a, false), one(b, false)], build: (g, [x, y]) => g.binary(fn, x, y), range })),
];

const window = fc.record({ size: pair(fc.integer({ min: 1, max: 3 })), stride: pair(fc.integer({ min: 1, max: 2 })), padding });
const pool = (op: 'maxPool' | 'avgPool'): [string, OpName, fc.Arbitrary<Example>] => [
  op, op,
  fc.tuple(window, dim, pair(fc.nat(2)), fc.integer({ min: 1, max: 2 })).map(([attrs, n, more, c]: [WindowAttrs, number, [number, number], number]) => ({
    inputs: [one([n, attrs.size[0] + more[0], attrs.size[1] + more[1], c])],
    build: (g, [x]) => g[op](x, attrs),
  })),
];

const convolution: fc.Arbitrary<Example> = fc
  .tuple(window, pair(fc.integer({ min: 1, max: 2 })), pair(fc.nat(2)), fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .map(([{ size, stride, padding }, dilation, more, n, ins, outs]) => {
    const attrs: ConvAttrs = { stride, padding, dilation };
    const reach = (i: 0 | 1): number => (size[i] - 1) * dilation[i] + 1 + more[i];
    return { inputs: [one([n, reach(0), reach(1), ins]), one([...size, ins, outs], false)], build: (g, [x, w]) => g.conv2d(x, w, attrs) };
  });

const channelwise: fc.Arbitrary<Example> = fc
  .tuple(pair(fc.integer({ min: 1, max: 3 })), fc.constantFrom([1, 1, 1], [2, 1, 1], [1, 2, 1], [1, 1, 2], [1, 2, 2]), padding, pair(fc.nat(2)), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }))
  .map(([size, [stride, down, across], pad, more, channels, each]) => {
    const attrs: ConvAttrs = { stride: [stride, stride], padding: pad, dilation: [down, across] };
    const reach = (i: 0 | 1): number => (size[i] - 1) * attrs.dilation[i] + 1 + more[i];
    return { inputs: [one([2, reach(0), reach(1), channels]), one([...size, channels, each], false)], build: (g, [x, w]) => g.depthwiseConv2d(x, w, attrs) };
  });

const transposed: fc.Arbitrary<Example> = fc
  .tuple(window, pair(fc.integer({ min: 1, max: 2 })), pair(fc.nat(2)), fc.integer({ min: 1, max: 2 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .map(([{ size, stride, padding }, dilation, more, n, ins, outs]) => {
    const attrs: ConvAttrs = { stride, padding, dilation };
    const image = [0, 1].map((i) => (size[i] - 1) * dilation[i] + 1 + more[i]);
    const counts = [0, 1].map((i) => windowAlong(image[i], size[i], stride[i], dilation[i], padding).count);
    return { inputs: [one([n, ...counts, outs]), one([...size, ins, outs], false)], build: (g, [x, w]) => g.conv2dTranspose(x, w, { ...attrs, size: [image[0], image[1]] }) };
  });

const sides = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)).filter((s) => s.some((d) => d > 0));

const matrices: fc.Arbitrary<Example> = fc.tuple(dim, dim, dim, fc.boolean(), fc.boolean()).map(([m, k, p, transposeA, transposeB]) => ({
  inputs: [one(transposeA ? [k, m] : [m, k], !transposeA), one(transposeB ? [p, k] : [k, p], false)],
  build: (g, [a, b]) => g.matmul(a, b, { transposeA, transposeB }),
}));

const perChannel = (count: number, build: Example['build'], range: readonly [number, number] = [-2, 2], smallest = 1): fc.Arbitrary<Example> =>
  fc.tuple(fc.integer({ min: smallest, max: 4 }), fc.array(dim, { maxLength: 2 }), dim).map(([n, middle, c]) => ({
    inputs: [one([n, ...middle, c]), ...Array.from({ length: count }, () => one([c], false))], build, range,
  }));

const rows: fc.Arbitrary<number[]> = fc.tuple(dim, fc.integer({ min: 2, max: 4 })).map(([n, c]) => [n, c]);
const reduction = (fn: 'sum' | 'mean' | 'max'): [string, OpName, fc.Arbitrary<Example>] => [
  fn, 'reduce',
  fc.tuple(shape, fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), fc.boolean()).map(([s, taken, keepDims]) => ({
    inputs: [one(s)], build: (g, [x]) => g.reduce(fn, x, s.map((_, axis) => axis).filter((axis) => taken[axis]), keepDims),
  })),
];

const cases: readonly [string, OpName, fc.Arbitrary<Example>][] = [
  unary('neg'), unary('exp'), unary('log', [0.1, 3]), unary('log1p', [-0.8, 3]), unary('sqrt', [0.1, 3]), unary('rsqrt', [0.1, 3]), unary('square'), unary('abs'),
  unary('sign'), unary('floor'), unary('sin'), unary('cos'), unary('erf'), unary('reciprocal', [0.3, 3]), unary('relu'), unary('relu6', [-8, 8]), unary('elu'),
  unary('selu'), unary('softplus', [-8, 8]), unary('softsign'), unary('sigmoid', [-8, 8]), unary('tanh'),
  ['leakyRelu', 'leakyRelu', shape.map((s) => ({ inputs: [one(s)], build: (g, [x]) => g.leakyRelu(x, 0.3) }))],
  binary('add'), binary('sub'), binary('mul'), binary('div', [0.3, 3]), binary('maximum'), binary('minimum'), binary('pow', [0.2, 3]), binary('squaredDifference'),
  ['pow of negative numbers', 'binary', shape.map((s) => ({ inputs: [one(s)], build: (g, [x]) => g.pow(x, g.scalar(3)) }))],
  ['select', 'select', shape.map((s) => ({ inputs: [one(s), one(s), one([1], false)], build: (g, [a, b, c]) => g.select(g.compare('greater', a, b), g.mul(b, a), c) }))],
  ['cast', 'cast', shape.map((s) => ({ inputs: [one(s)], build: (g, [x]) => g.apply('cast', [x], { to: 'float32' })[0] }))],
  ['cast to whole numbers', 'cast', shape.map((s) => ({ inputs: [one(s)], build: (g, [x]) => g.cast(g.cast(x, 'int32'), 'float32') }))],
  ['reshape', 'reshape', fc.tuple(dim, dim, dim).map(([n, h, c]) => ({ inputs: [one([n, h, c])], build: (g, [x]) => g.reshape(x, [BATCH, h * c]) }))],
  ['reshape that merges into the batch', 'reshape', fc.tuple(dim, dim, dim).map(([n, h, c]) => ({ inputs: [one([n, h, c])], build: (g, [x]) => g.reshape(x, [BATCH, c]) }))],
  ['transpose', 'transpose', fc.tuple(dim, dim, dim, fc.shuffledSubarray([0, 1, 2], { minLength: 3 })).map(([a, b, c, perm]) => ({ inputs: [one([a, b, c], false)], build: (g, [x]) => g.transpose(x, perm) }))],
  ['concat', 'concat', fc.tuple(dim, dim, dim, dim).map(([n, h, c, d]) => ({ inputs: [one([n, h, c]), one([n, h, d]), one([n, h, c])], build: (g, xs) => g.concat(xs) }))],
  ['slice', 'slice', fc.tuple(dim, dim, dim, dim).map(([n, c, d, e]) => ({ inputs: [one([n, c + d + e])], build: (g, [x]) => g.slice(x, c, d) }))],
  ['sumToShape', 'sumToShape', fc.tuple(dim, dim, dim).map(([n, h, c]) => ({ inputs: [one([n, h, c], false), one([h, 1], false)], build: (g, [x, like]) => g.sumToShape(x, like) }))],
  ['broadcastLike', 'broadcastLike', fc.tuple(dim, dim, dim).map(([n, h, c]) => ({ inputs: [one([h, 1], false), one([n, h, c])], build: (g, [x, like]) => g.broadcastLike(x, like) }))],
  reduction('sum'), reduction('mean'), reduction('max'),
  ['matmul', 'matmul', matrices],
  ['biasAdd', 'biasAdd', perChannel(1, (g, [x, b]) => g.biasAdd(x, b))],
  ['conv2d', 'conv2d', convolution],
  ['conv2dTranspose', 'conv2dTranspose', transposed],
  ['depthwiseConv2d', 'depthwiseConv2d', channelwise],
  ['pad', 'pad', fc.tuple(dim, dim, dim, sides).map(([n, h, c, s]) => ({ inputs: [one([n, h, 2, c])], build: (g, [x]) => g.pad(x, s) }))],
  ['crop', 'crop', fc.tuple(dim, dim, dim, sides).map(([n, h, c, s]) => ({ inputs: [one([n, h + s[0] + s[1], 1 + s[2] + s[3], c])], build: (g, [x]) => g.crop(x, s) }))],
  ['upsampleBilinear', 'upsampleBilinear', fc.tuple(dim, dim, dim, pair(fc.integer({ min: 1, max: 3 }))).map(([n, h, c, size]) => ({ inputs: [one([n, h, 2, c])], build: (g, [x]) => g.upsampleBilinear(x, size) }))],
  pool('maxPool'), pool('avgPool'),
  // Two equal samples have no variance: one more, and a large epsilon, keep the curvature small enough for differences.
  ['batchNormTrain', 'batchNormTrain', perChannel(2, (g, [x, gamma, beta]) => g.batchNormTrain(x, gamma, beta, 0.1).y, [-2, 2], 2)],
  ['batchNormInference', 'batchNormInference', perChannel(4, (g, [x, gamma, beta, mean, variance]) => g.batchNormInference(x, gamma, beta, mean, variance, 0.1), [0.2, 2])],
  ['softmax', 'softmax', rows.map((s) => ({ inputs: [one(s)], build: (g, [x]) => g.softmax(x) }))],
  ['logSoftmax', 'logSoftmax', rows.map((s) => ({ inputs: [one(s)], build: (g, [x]) => g.logSoftmax(x) }))],
  ['softmaxCrossEntropy', 'softmaxCrossEntropy', rows.map(([n, c]) => ({
    inputs: [one([n, c], false)],
    build: (g, [x]) => g.softmaxCrossEntropy(x, g.constant(Array.from({ length: n * c }, (_, i) => ((i * 7) % 5) / 4), [n, c])),
  }))],
  ['sparseSoftmaxCrossEntropy', 'sparseSoftmaxCrossEntropy', rows.map(([n, c]) => ({
    inputs: [one([n, c], false)],
    build: (g, [x]) => g.sparseSoftmaxCrossEntropy(x, g.constant(Array.from({ length: n }, (_, i) => (i * 3) % c), [n], 'int32')),
  }))],
  ['applyMask', 'applyMask', shape.map((s) => ({
    inputs: [one(s)],
    build: (g, [x]) => g.applyMask(x, g.dropoutMask(g.constant([1, 2], [2], 'int32'), g.scalar(3, 'int32'), x, { bits: 8, threshold: 100, stream: 0 }), 0.6),
  }))],
];

describe('gradients equal finite differences', () => {
  it.each(cases)('%s', (_, __, example) => {
    fc.assert(fc.property(example, fc.nat(), (x, seed) => expectGradients(x, seed)), { numRuns: RUNS });
  });

  it('covers every differentiable operation', () => {
    const differentiable = Object.entries(operations).filter(([, definition]) => typeof definition.gradient === 'function').map(([op]) => op);
    expect([...new Set(cases.map(([, op]) => op))].sort()).toEqual(differentiable.sort());
  });
});
