/** What the estimate is made of, on both engines. That it is right is measured by bench/memory.ts; here: that each part counts. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { onnxCosts, own, tensorflowCosts } from '../../../src/compiler/memory/constants.ts';
import { memoryEstimator } from '../../../src/compiler/memory/estimate.ts';
import { onnx } from '../../../src/compiler/memory/onnx.ts';
import { tensorflow } from '../../../src/compiler/memory/tensorflow.ts';

const engines = { tensorflow, onnx } as const;
const costs = { tensorflow: tensorflowCosts, onnx: onnxCosts } as const;
const program = ({ image = '32x32 rgb', network = 'conv 16 3x3 same; relu; pool 2; flatten; dense 64; relu; dense classes', optimizer = 'adam', batch = 64, count = 600, more = '' } = {}) =>
  compile(`data { synthetic shapes ${count} classes=4; image ${image} }\n${more}\nnetwork < ${network} >\ncompile { optimizer ${optimizer} }\nfit { batch ${batch} }`, { path: 'x.cnn' }).program!;

describe.each(['tensorflow', 'onnx'] as const)('%s', (kind) => {
  const estimate = (of: ReturnType<typeof program>, samples: number | null = null) => memoryEstimator(of, engines[kind], { samples });

  it('adds up', () => {
    const { total, own: ours, child, parts } = estimate(program(), 600)();
    expect(ours + child).toBe(total);
    expect(parts.processes + parts.weights + parts.tensors + parts.data).toBe(total);
    expect(child).toBeGreaterThan(costs[kind].base);
  });

  it.each([['sgd', 1], ['sgd momentum=.9', 2], ['adam', 3]])('%s: weights and slots, %i times', (optimizer, times) => {
    const one = program({ optimizer });
    const trained = one.layers.flatMap((l) => l.variables).reduce((sum, v) => sum + v.shape.reduce((a, b) => a * b, 4), 0);
    // Less than 8 MB cross at once; a scalar or two are not counted here.
    const bytes = times * trained;
    expect(estimate(one)().parts.weights / ((own.state + costs[kind].state + costs[kind].message) * bytes)).toBeCloseTo(1, 3);
  });

  it('tensors grow with the batch, the rest does not', () => {
    const of = estimate(program());
    const [small, large] = [of(64).parts, of(512).parts];
    expect(large.tensors / small.tensors).toBeGreaterThan(7);
    expect(large.tensors / small.tensors).toBeLessThan(9);
    expect({ ...large, tensors: 0, data: 0 }).toEqual({ ...small, tensors: 0, data: 0 });
  });

  it('is that of the batch of the program, or of all samples where there are fewer', () => {
    const of = program({ batch: 128 });
    expect(estimate(of)()).toEqual(estimate(of)(128));
    expect(estimate(of, 50)().batch).toBe(50);
  });

  it('counts pictures in memory, and a piece of those that are not', () => {
    const of = program();
    const data = (samples: number | null): number => estimate(of, samples)(1).parts.data;
    expect(data(1000) - data(null)).toBe(1000 * 3072);
    expect(data(1_000_000) - data(null)).toBe(2 ** 24);
  });

  it.each([
    ['a larger image', { image: '64x64 rgb' }],
    ['more filters', { network: 'conv 64 3x3 same; relu; pool 2; flatten; dense 64; relu; dense classes' }],
    ['batch_norm', { network: 'conv 16 3x3 same; batch_norm; relu; pool 2; flatten; dense 64; relu; dense classes' }],
    ['a mixture', { more: 'augment { mixup .2 }' }],
  ])('%s takes more', (_, change) => {
    expect(estimate(program(change))().total).toBeGreaterThan(estimate(program())().total);
  });
});
