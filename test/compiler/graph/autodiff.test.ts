import { expect, it } from 'vitest';
import { gradients } from '../../../src/compiler/graph/autodiff.ts';
import { builder } from '../../../src/compiler/graph/build.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { reachable } from '../../../src/compiler/graph/rewrite/reachable.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';
import { verifyValues } from '../../../src/compiler/graph/verify.ts';
import { expectGradients } from './support/differences.ts';

const float = (...shape: number[]) => ({ dtype: 'float32', shape }) as const;
const unit = { stride: [1, 1], padding: 'same', dilation: [1, 1] } as const;
const half = { size: [2, 2], stride: [2, 2], padding: 'valid' } as const;

it('makes no gradient for images', () => {
  const g = builder();
  const w1 = g.variable('w1', float(3, 3, 1, 2));
  const w2 = g.variable('w2', float(3, 3, 2, 2));
  const hidden = g.unary('relu', g.conv2d(g.input('x', float(BATCH, 4, 4, 1)), w1, unit));
  const loss = g.reduce('sum', g.conv2d(hidden, w2, unit), [0, 1, 2, 3]);
  const ops = (wrt: typeof w1[]) => reachable(gradients(g, loss, wrt)).map((node) => node.op).filter((op) => /^conv2d.+Grad$/.test(op)).sort();
  expect(ops([w1, w2])).toEqual(['conv2dFilterGrad', 'conv2dFilterGrad', 'conv2dInputGrad']);
  // A frozen first layer: nothing goes back through it.
  expect(ops([w2])).toEqual(['conv2dFilterGrad']);
});

it('adds the gradients of a value that is used twice', () => {
  expectGradients({ inputs: [{ shape: [3, 2], batch: true }], build: (g, [x]) => g.add(g.mul(x, g.unary('sin', x)), g.unary('neg', x)) }, 1);
});

it('goes through a whole convolutional network', () => {
  expectGradients(
    {
      inputs: [{ shape: [2, 6, 6, 2], batch: true }, { shape: [3, 3, 2, 3] }, { shape: [3] }, { shape: [3] }, { shape: [27, 4] }, { shape: [4] }],
      build(g, [x, w, gamma, beta, dense, bias]) {
        const normalized = g.batchNormTrain(g.conv2d(x, w, unit), gamma, beta, 0.1);
        const pooled = g.maxPool(g.unary('elu', normalized.y), half);
        const logits = g.biasAdd(g.matmul(g.reshape(pooled, [BATCH, 27]), dense), bias);
        return g.sparseSoftmaxCrossEntropy(logits, g.argMax(g.stopGradient(g.reduce('max', pooled, [1, 2]))));
      },
    },
    3,
  );
});

it('is zero for what the loss does not depend on, and behind stopGradient', () => {
  const g = builder();
  const [a, b, c] = ['a', 'b', 'c'].map((name) => g.variable(name, float(2)));
  const loss = g.reduce('sum', g.mul(a, g.stopGradient(b)), [0]);
  const variables = new Map(['a', 'b', 'c'].map((name, i) => [name, ndarray([2], [i + 1, i + 2])]));
  const [da, db, dc] = interpret(gradients(g, loss, [a, b, c]), {}, variables).map(({ data }) => [...data]);
  expect({ da, db, dc }).toEqual({ da: [2, 3], db: [0, 0], dc: [0, 0] });
});

it('gives 1 for the loss itself, and differentiates by values that are not variables', () => {
  const g = builder();
  const x = g.variable('x', float());
  const y = g.unary('square', x);
  const z = g.unary('exp', y);
  const [dz, dy, dx] = interpret(gradients(g, z, [z, y, x]), {}, new Map([['x', ndarray([], [0.5])]])).map(({ data }) => data[0]);
  expect(dz).toBe(1);
  expect(dy).toBeCloseTo(Math.exp(0.25), 12);
  expect(dx).toBeCloseTo(Math.exp(0.25), 12);
});

it.each([
  ['maximum', (a: number, b: number) => [a >= b ? 1 : 0, a >= b ? 0 : 1]],
  ['minimum', (a: number, b: number) => [a <= b ? 1 : 0, a <= b ? 0 : 1]],
] as const)('%s gives the gradient of ties to the first, as TensorFlow', (fn, want) => {
  const g = builder();
  const [a, b] = ['a', 'b'].map((name) => g.variable(name, float(3)));
  const made = gradients(g, g.reduce('sum', g.binary(fn, a, b), [0]), [a, b]);
  const [da, db] = interpret(made, {}, new Map([['a', ndarray([3], [1, 2, 3])], ['b', ndarray([3], [3, 2, 1])]])).map(({ data }) => [...data]);
  const pairs = [[1, 3], [2, 2], [3, 1]].map(([p, q]) => want(p, q));
  expect(da).toEqual(pairs.map(([d]) => d));
  expect(db).toEqual(pairs.map(([, d]) => d));
});

it('shares the gradient of a maximum between equal elements, as TensorFlow', () => {
  const g = builder();
  const x = g.variable('x', float(4));
  const [dx] = interpret(gradients(g, g.reduce('max', x, [0]), [x]), {}, new Map([['x', ndarray([4], [1, 5, 5, 2])]]));
  expect([...dx.data]).toEqual([0, 0.5, 0.5, 0]);
});

it('labels gradients by what they are of', () => {
  const g = builder();
  const w = g.variable('w', float(2));
  const loss = g.scoped('loss', () => g.reduce('sum', g.unary('square', w, 'penalty'), [0]));
  const [dw] = gradients(g, loss, [w]);
  expect(dw.node.label).toBe('gradient/loss/penalty/mul');
  verifyValues([dw]);
});

it('refuses what cannot be differentiated', () => {
  const g = builder();
  const x = g.variable('x', float(1, 2, 2, 1));
  const moved = g.warp(x, g.constant([1, 0, 0, 0, 1, 0, 0, 0], [1, 8]), { interpolation: 'bilinear', fill: 'nearest', fillValue: 0 });
  expect(() => gradients(g, g.reduce('sum', moved, [0, 1, 2, 3]), [x])).toThrow(/warp .*not differentiable/);
  expect(() => gradients(g, x, [x])).toThrow(/not a float32 scalar/);
  const { mean } = g.batchNormTrain(x, g.variable('gamma', float(1)), g.variable('beta', float(1)), 0.1);
  expect(() => gradients(g, g.reduce('sum', mean, [0]), [x])).toThrow(/statistics/);
});
