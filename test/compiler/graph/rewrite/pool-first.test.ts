/** Pool-first on equals pool-first off: outputs and gradients, in float64. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradients } from '../../../../src/compiler/graph/autodiff.ts';
import type { Builder } from '../../../../src/compiler/graph/build.ts';
import { builder } from '../../../../src/compiler/graph/build.ts';
import { interpret } from '../../../../src/compiler/graph/interpret.ts';
import { printValues } from '../../../../src/compiler/graph/print.ts';
import { poolFirst } from '../../../../src/compiler/graph/rewrite/pool-first.ts';
import { reachable } from '../../../../src/compiler/graph/rewrite/reachable.ts';
import type { UnaryFunction, Value, WindowAttrs } from '../../../../src/compiler/graph/types.ts';
import { BATCH } from '../../../../src/compiler/graph/types.ts';
import { verifyValues } from '../../../../src/compiler/graph/verify.ts';
import { RUNS, spread } from '../support/differences.ts';

const float = (...shape: number[]) => ({ dtype: 'float32', shape }) as const;
const unit = { stride: [1, 1], padding: 'same', dilation: [1, 1] } as const;
const half: WindowAttrs = { size: [2, 2], stride: [2, 2], padding: 'valid' };

/** Operations from the input to the value, by name, where each has one predecessor that matters. */
const chain = (value: Value): string => reachable([value]).filter(({ op }) => op !== 'variable' && op !== 'input' && op !== 'constant').map(({ op, label }) => (op === 'unary' ? label : op)).join(' ');

describe('moves the pool', () => {
  const moves: [string, (g: Builder, x: Value, b: Value) => Value, string][] = [
    ['before relu and bias', (g, x, b) => g.unary('relu', g.biasAdd(x, b)), 'maxPool biasAdd relu'],
    ['before an activation alone', (g, x) => g.unary('tanh', x), 'maxPool tanh'],
    ['before a bias alone', (g, x, b) => g.biasAdd(x, b), 'maxPool biasAdd'],
    ['before leaky relu', (g, x) => g.leakyRelu(x, 0.1), 'maxPool leakyRelu'],
    ['not before a falling leaky relu', (g, x) => g.leakyRelu(x, -0.1), 'leakyRelu maxPool'],
    ['not before what is not monotone', (g, x) => g.unary('abs', x), 'abs maxPool'],
    ['only up to what is not monotone', (g, x, b) => g.unary('relu', g.unary('sin', g.biasAdd(x, b))), 'biasAdd sin maxPool relu'],
    ['before a pool nothing', (g, x) => x, 'maxPool'],
  ];
  it.each(moves)('%s', (_, make, want) => {
    const g = builder();
    const pooled = g.maxPool(make(g, g.input('x', float(BATCH, 4, 4, 3)), g.variable('b', float(3))), half);
    const moved = poolFirst(g, pooled);
    verifyValues([moved]);
    expect(chain(moved)).toBe(want);
    expect({ dtype: moved.dtype, shape: moved.shape }).toEqual({ dtype: pooled.dtype, shape: pooled.shape });
    if (want.endsWith('maxPool')) expect(moved).toBe(pooled);
  });

  it('leaves other values alone', () => {
    const g = builder();
    const x = g.unary('relu', g.input('x', float(BATCH, 4, 4, 3)));
    expect(poolFirst(g, x)).toBe(x);
    expect(poolFirst(g, g.avgPool(x, half))).toBe(g.avgPool(x, half));
  });

  it('keeps labels', () => {
    const g = builder();
    const x = g.input('x', float(BATCH, 4, 4, 3));
    const active = g.scoped('conv_1', () => g.unary('relu', g.biasAdd(x, g.variable('b', float(3)))));
    expect(printValues({ y: poolFirst(g, g.maxPool(active, half, 'pool_1')) })).toMatch(/# pool_1\n.*# conv_1\/biasAdd\n.*# conv_1\/relu\n/);
  });
});

interface Layer {
  readonly filters: number;
  readonly size: readonly [number, number];
  readonly bias: boolean;
  readonly activation: UnaryFunction | 'leakyRelu' | null;
  readonly pool: WindowAttrs | null;
}

const upTo = (n: number) => fc.integer({ min: 1, max: n });
const layer: fc.Arbitrary<Layer> = fc.record({
  filters: upTo(3),
  size: fc.tuple(upTo(3), upTo(3)),
  bias: fc.boolean(),
  activation: fc.constantFrom(null, 'leakyRelu', 'relu', 'relu6', 'sigmoid', 'tanh', 'softplus', 'softsign', 'elu', 'selu', 'sin'),
  pool: fc.option(fc.record({ size: fc.tuple(upTo(3), upTo(3)), stride: fc.tuple(upTo(2), upTo(2)), padding: fc.constantFrom('same', 'valid') }), { freq: 4 }),
});

/** Output and gradients by every weight of a network that ends in the sum of squares. */
function build(layers: readonly Layer[], first: boolean) {
  const g = builder();
  const weights: Value[] = [];
  const weight = (...shape: number[]): Value => {
    weights.push(g.variable(`${weights.length}`, float(...shape)));
    return weights.at(-1)!;
  };
  let x: Value = g.input('x', float(BATCH, 9, 9, 2));
  for (const { filters, size, bias, activation, pool } of layers) {
    x = g.conv2d(x, weight(...size, x.shape[3], filters), unit);
    if (bias) x = g.biasAdd(x, weight(filters));
    if (activation) x = activation === 'leakyRelu' ? g.leakyRelu(x, 0.2) : g.unary(activation, x);
    if (!pool || x.shape[1] < pool.size[0] || x.shape[2] < pool.size[1]) continue;
    const pooled = g.maxPool(x, pool);
    x = first ? poolFirst(g, pooled) : pooled;
  }
  const loss = g.reduce('sum', g.unary('square', x), [0, 1, 2, 3]);
  return { weights, values: [x, ...gradients(g, loss, weights)] };
}

it('on equals off on random networks', () => {
  fc.assert(
    fc.property(fc.array(layer, { minLength: 1, maxLength: 2 }), upTo(2), fc.nat(), (layers, n, seed) => {
      const [off, on] = [build(layers, false), build(layers, true)];
      verifyValues(on.values);
      const feeds = { x: spread([[n, 9, 9, 2]], [-1, 1], seed)[0] };
      const variables = new Map(off.weights.map(({ shape }, i) => [`${i}`, spread([shape], [-1, 1], seed + 1 + i)[0]]));
      const want = interpret(off.values, feeds, variables);
      const got = interpret(on.values, feeds, variables);
      want.forEach((array, v) => {
        expect(got[v].shape).toEqual(array.shape);
        const size = array.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-3);
        array.data.forEach((value, i) => expect(Math.abs(got[v].data[i] - value) / size).toBeLessThan(1e-9));
      });
    }),
    { numRuns: process.env.CNNC_SOAK ? 1000 : 3 * RUNS },
  );
});

it('is equal at the ties that activations make: flat parts have no gradient', () => {
  for (const fn of ['relu', 'relu6'] as const) {
    const run = (first: boolean): number[] => {
      const g = builder();
      const x = g.variable('x', float(1, 2, 2, 2));
      const pooled = g.maxPool(g.unary(fn, x), half);
      const [dx] = gradients(g, g.reduce('sum', first ? poolFirst(g, pooled) : pooled, [0, 1, 2, 3]), [x]);
      // One channel below 0 in the whole window, one above 6 in two places.
      return [...interpret([dx], {}, new Map([['x', { dtype: 'float32', shape: [1, 2, 2, 2], data: Float64Array.of(-1, 7, -2, 8, -3, 1, -4, 2) }]]))[0].data];
    };
    expect(run(true), fn).toEqual(run(false));
  }
});
