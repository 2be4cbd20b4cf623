import { describe, expect, it } from 'vitest';
import { noAugment } from '../../../src/compiler/model/program.ts';
import type { Augment } from '../../../src/compiler/model/program.ts';
import { drawMix } from '../../../src/runtime/augment/mix.ts';

const shape: [number, number, number] = [20, 30, 3];
const train = Int32Array.from({ length: 50 }, (_, i) => 2 * i);
const withMix = (kind: 'mixup' | 'cutmix', alpha: number, chance = 1): Augment => ({ ...noAugment, mix: { kind, alpha, chance } });

function draw(augment: Augment, samples: readonly number[], seed = 7, epoch = 0): { rows: number[][]; others: number[] } {
  const width = augment.mix?.kind === 'mixup' ? 1 : 5;
  const out = new Float32Array(samples.length * width);
  const others = drawMix(augment, shape, seed, epoch, samples, train, out);
  return { rows: samples.map((_, n) => [...out.subarray(n * width, (n + 1) * width)]), others };
}
const many = Array.from({ length: 4000 }, (_, i) => i);
const moments = (values: number[]): { mean: number; variance: number } => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, variance: values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length };
};

describe('mixtures', () => {
  it.each([0.2, 1, 3])('shares are Beta(%s, %s)', (alpha) => {
    const { mean, variance } = moments(draw(withMix('mixup', alpha), many).rows.map(([share]) => share));
    expect(mean).toBeCloseTo(0.5, 1);
    expect(variance).toBeCloseTo(1 / (4 * (2 * alpha + 1)), 2);
  });

  it('the other picture is any of the training part', () => {
    const { others } = draw(withMix('mixup', 1), many);
    expect(new Set(others)).toEqual(new Set(train));
  });

  it('p= is the share of pictures; the others keep themselves', () => {
    const shares = draw(withMix('mixup', 1, 0.3), many).rows.map(([share]) => share);
    expect(shares.filter((share) => share !== 1).length / many.length).toBeCloseTo(0.3, 1);
  });

  it('rectangles lie inside, and λ is what they leave', () => {
    for (const [share, top, bottom, left, right] of draw(withMix('cutmix', 1), many.slice(0, 500)).rows) {
      expect(top >= 0 && left >= 0 && bottom <= 20 && right <= 30 && top <= bottom && left <= right).toBe(true);
      expect(share).toBeCloseTo(1 - ((bottom - top) * (right - left)) / 600, 6);
    }
  });

  it('are a function of seed, epoch and sample alone', () => {
    const one = draw(withMix('cutmix', 1), [5]);
    expect(draw(withMix('cutmix', 1), [9, 5]).rows[1]).toEqual(one.rows[0]);
    expect(draw(withMix('cutmix', 1), [9, 5]).others[1]).toBe(one.others[0]);
    for (const other of [draw(withMix('cutmix', 1), [5], 8), draw(withMix('cutmix', 1), [5], 7, 1), draw(withMix('cutmix', 1), [6])]) expect(other).not.toEqual(one);
  });
});
