import { describe, expect, it } from 'vitest';
import { fans, initialSlots, initialValues, initialWeights } from '../../../src/compiler/graph/initial.ts';
import { logarithm, probit, truncatedNormal } from '../../../src/compiler/graph/initial/normal.ts';
import { draws, Purpose } from '../../../src/compiler/graph/philox.ts';
import type { Initializer, Shape } from '../../../src/compiler/model/program.ts';
import { makeProgram } from './program.ts';

/** Φ by its series (to about 1e-15 for |z| < 6): Φ(z) = ½ + φ(z)·(z + z³/3 + z⁵/15 + …). */
function normalCdf(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 3; Math.abs(term) > 1e-18; k += 2) sum += term *= (z * z) / k;
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Kolmogorov–Smirnov: the largest distance between the sample's and the expected distribution function. */
function distance(sample: Float32Array, cdf: (x: number) => number): number {
  const sorted = Float64Array.from(sample).sort();
  return sorted.reduce((worst, x, i) => {
    const expected = cdf(x);
    return Math.max(worst, Math.abs((i + 1) / sorted.length - expected), Math.abs(expected - i / sorted.length));
  }, 0);
}

const values = (initializer: Initializer, shape: Shape, seed = 7) => initialValues(initializer, shape, draws(seed, Purpose.weights, 3));

describe('normal deviates', () => {
  it.each([1e-9, 1e-5, 0.001, 0.02275, 0.07, 0.3, 0.5, 0.8, 0.99, 0.999999])('Φ(probit(%d)) is the same number', (p) => {
    expect(Math.abs(normalCdf(probit(p)) - p)).toBeLessThan(1e-14);
  });

  it('knows published percentage points', () => {
    expect(probit(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(probit(0.25)).toBeCloseTo(-0.6744897501960817, 14);
    expect(probit(1e-20)).toBeCloseTo(-9.262340089798409, 12);
  });

  it.each([1e-300, 1e-10, 0.07, 0.5, 1, 1.4142135623730951, 3, 12345.678])('logarithm(%d)', (x) => {
    expect(Math.abs(logarithm(x) - Math.log(x))).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(Math.log(x))));
  });

  it('cuts at two standard deviations', () => {
    expect(truncatedNormal(1e-12)).toBeCloseTo(-2, 8);
    expect(truncatedNormal(1 - 1e-12)).toBeCloseTo(2, 8);
    expect(truncatedNormal(0.5)).toBe(0);
  });
});

describe('fans', () => {
  it.each<[Shape, number, number]>([
    [[], 1, 1],
    [[5], 5, 5],
    [[20, 30], 20, 30],
    [[3, 5, 4, 8], 60, 120],
  ])('%j', (shape, fanIn, fanOut) => expect(fans(shape)).toEqual({ fanIn, fanOut }));
});

describe('distributions', () => {
  const shape = [5, 5, 20, 100]; // fans 500 and 2500, 50,000 draws
  const uniformCdf = (limit: number) => (x: number) => (x + limit) / (2 * limit);
  const truncatedCdf = (std: number) => (x: number) => (normalCdf(x / std) - normalCdf(-2)) / (normalCdf(2) - normalCdf(-2));
  // The spread asked for is that after the cut: Keras divides by the standard deviation of a cut unit normal.
  const cut = 0.8796256610342398;
  it.each<[Initializer, (x: number) => number, number, number]>([
    [{ kind: 'glorot_uniform' }, uniformCdf(Math.sqrt(3 / 1500)), Math.sqrt(1 / 1500), Math.sqrt(3 / 1500)],
    [{ kind: 'he_uniform' }, uniformCdf(Math.sqrt(6 / 500)), Math.sqrt(2 / 500), Math.sqrt(6 / 500)],
    [{ kind: 'lecun_uniform' }, uniformCdf(Math.sqrt(3 / 500)), Math.sqrt(1 / 500), Math.sqrt(3 / 500)],
    [{ kind: 'glorot_normal' }, truncatedCdf(Math.sqrt(1 / 1500) / cut), Math.sqrt(1 / 1500), (2 * Math.sqrt(1 / 1500)) / cut],
    [{ kind: 'he_normal' }, truncatedCdf(Math.sqrt(2 / 500) / cut), Math.sqrt(2 / 500), (2 * Math.sqrt(2 / 500)) / cut],
    [{ kind: 'lecun_normal' }, truncatedCdf(Math.sqrt(1 / 500) / cut), Math.sqrt(1 / 500), (2 * Math.sqrt(1 / 500)) / cut],
    [{ kind: 'random_normal', mean: 0, stddev: 0.05 }, (x) => normalCdf(x / 0.05), 0.05, Infinity],
    [{ kind: 'truncated_normal', mean: 0, stddev: 0.05 }, truncatedCdf(0.05), 0.05 * cut, 0.1],
    [{ kind: 'random_uniform', low: -0.05, high: 0.05 }, uniformCdf(0.05), 0.1 / Math.sqrt(12), 0.05],
  ])('%j', (initializer, cdf, std, bound) => {
    const sample = values(initializer, shape);
    const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length;
    const variance = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / sample.length;
    // The KS distance of 50,000 true draws exceeds 1.95/√n once in a thousand; the seed is fixed, so this never flickers.
    expect(distance(sample, cdf)).toBeLessThan(1.95 / Math.sqrt(sample.length));
    expect(Math.abs(mean)).toBeLessThan((4 * std) / Math.sqrt(sample.length));
    expect(Math.abs(Math.sqrt(variance) / std - 1)).toBeLessThan(0.01);
    expect(sample.every((x) => Math.abs(x) <= bound * (1 + 1e-6))).toBe(true);
  });

  it('draws mean and bounds where they are asked for', () => {
    const normal = values({ kind: 'random_normal', mean: 3, stddev: 0.5 }, [10000]);
    expect(normal.reduce((sum, x) => sum + x, 0) / 10000).toBeCloseTo(3, 1);
    const uniform = values({ kind: 'random_uniform', low: 2, high: 5 }, [10000]);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...uniform)).toBeLessThanOrEqual(5);
  });

  it('fills constants', () => {
    expect([...values({ kind: 'zeros' }, [2])]).toEqual([0, 0]);
    expect([...values({ kind: 'ones' }, [2])]).toEqual([1, 1]);
    expect([...values({ kind: 'constant', value: 0.25 }, [2])]).toEqual([0.25, 0.25]);
  });
});

describe('determinism', () => {
  it('gives the same bytes for a seed, others for another', () => {
    expect(values({ kind: 'he_normal' }, [50])).toEqual(values({ kind: 'he_normal' }, [50]));
    expect(values({ kind: 'he_normal' }, [50], 8)).not.toEqual(values({ kind: 'he_normal' }, [50]));
  });

  it('never changes: first draws of seed 7', () => {
    expect([...values({ kind: 'truncated_normal', mean: 0, stddev: 1 }, [3])]).toMatchInlineSnapshot(`
      [
        1.3553102016448975,
        -0.2552950978279114,
        0.8033212423324585,
      ]
    `);
    expect([...values({ kind: 'glorot_uniform' }, [3, 3])].slice(0, 3)).toMatchInlineSnapshot(`
      [
        0.8639931678771973,
        -0.21111047267913818,
        0.6057736873626709,
      ]
    `);
  });
});

it('draws every weight of a program, each from a stream of its own', () => {
  const dense = ['dense', { units: 4, kernel_initializer: { kind: 'he_normal' } }] as const;
  const program = makeProgram({ input: [2, 2, 1], layers: [['flatten'], dense, dense, ['batch_norm']], labels: 'values', count: 4, loss: { kind: 'mse' } });
  const weights = initialWeights(program, 3);
  expect(Object.keys(weights)).toEqual(program.layers.flatMap((layer) => layer.variables.map((variable) => variable.name)));
  expect(weights['dense_1/kernel'].length).toBe(16);
  expect(weights['dense_1/kernel']).not.toEqual(weights['dense_2/kernel']);
  expect([...weights['batch_norm_1/moving_variance']]).toEqual([1, 1, 1, 1]);
  expect(initialWeights(program, 3)).toEqual(weights);
});

it('starts slots at zero', () => {
  const variables = [
    { name: 'adam/m/dense_1/bias', type: { dtype: 'float32', shape: [3] }, role: 'slot' },
    { name: 'dense_1/bias', type: { dtype: 'float32', shape: [3] }, role: 'weight' },
  ] as const;
  expect(initialSlots({ variables })).toEqual({ 'adam/m/dense_1/bias': new Float32Array(3) });
});

describe('matrices', () => {
  const random = () => draws(3, Purpose.weights, 0);
  const product = (values: Float32Array, rows: number, columns: number): number[][] =>
    Array.from({ length: columns }, (_, a) => Array.from({ length: columns }, (_, b) => Array.from({ length: rows }, (_, r) => values[r * columns + a] * values[r * columns + b]).reduce((x, y) => x + y, 0)));

  it.each([[[3, 3, 4, 8]], [[12, 5]], [[8, 8]]])('orthogonal %j: columns at right angles, of length gain', (shape) => {
    const columns = shape[shape.length - 1];
    const values = initialValues({ kind: 'orthogonal', gain: 2 }, shape, random());
    product(values, values.length / columns, columns).forEach((row, a) => row.forEach((dot, b) => expect(Math.abs(dot - (a === b ? 4 : 0))).toBeLessThan(1e-5)));
  });

  it('orthogonal with more columns than rows: rows at right angles', () => {
    const values = initialValues({ kind: 'orthogonal', gain: 1 }, [4, 9], random());
    const turned = Float32Array.from({ length: 36 }, (_, i) => values[(i % 4) * 9 + Math.floor(i / 4)]);
    product(turned, 9, 4).forEach((row, a) => row.forEach((dot, b) => expect(Math.abs(dot - (a === b ? 1 : 0))).toBeLessThan(1e-6)));
  });

  it('identity', () => {
    expect([...initialValues({ kind: 'identity', gain: 3 }, [2, 3], random())]).toEqual([3, 0, 0, 0, 3, 0]);
  });

  it.each([
    ['truncated_normal', 'fan_in', 2 / 50], ['untruncated_normal', 'fan_out', 2 / 200], ['uniform', 'fan_avg', 2 / 125],
  ] as const)('variance_scaling %s by %s', (distribution, mode, variance) => {
    const values = initialValues({ kind: 'variance_scaling', scale: 2, mode, distribution }, [50, 200], random());
    const found = values.reduce((sum, v) => sum + v * v, 0) / values.length;
    expect(found / variance).toBeGreaterThan(0.95);
    expect(found / variance).toBeLessThan(1.05);
    if (distribution === 'uniform') expect(Math.max(...values)).toBeLessThan(Math.sqrt(3 * variance));
  });
});
