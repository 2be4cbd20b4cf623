import { describe, expect, it } from 'vitest';
import { colourWidth, noAugment } from '../../../src/compiler/model/program.ts';
import type { Augment, ColourStep } from '../../../src/compiler/model/program.ts';
import { drawColours, lerpOf } from '../../../src/runtime/augment/colours.ts';

const shape: [number, number, number] = [20, 30, 3];
const all: readonly ColourStep[] = [
  { kind: 'channel_shift', chance: 1, amount: 30 },
  { kind: 'brightness', chance: 1, range: [0.5, 1.5] },
  { kind: 'contrast', chance: 0.25, range: [0.8, 2] },
  { kind: 'saturation', chance: 1, range: [0.1, 0.2] },
  { kind: 'hue', chance: 1, degrees: 90 },
  { kind: 'blur', chance: 1, sigma: 2 },
  { kind: 'noise', chance: 0, std: 9 },
  { kind: 'erase', chance: 0.5, least: 0.1, most: 0.4, value: 0 },
];
const withSteps = (colours: readonly ColourStep[]): Augment => ({ ...noAugment, colours });

function draw(colours: readonly ColourStep[], samples: readonly number[], seed = 7, epoch = 3): number[][] {
  const width = colourWidth(withSteps(colours));
  const out = new Float32Array(width * samples.length);
  drawColours(withSteps(colours), shape, seed, epoch, samples, out);
  return samples.map((_, n) => [...out.subarray(n * width, (n + 1) * width)]);
}

describe('the numbers of colours', () => {
  const many = draw(all, Array.from({ length: 3000 }, (_, i) => i));
  const column = (at: number): number[] => many.map((row) => row[at]);
  const fills = (values: number[], low: number, high: number): void => {
    expect(Math.min(...values)).toBeGreaterThanOrEqual(Math.fround(low));
    expect(Math.max(...values)).toBeLessThanOrEqual(Math.fround(high));
    expect(Math.max(...values) - Math.min(...values)).toBeGreaterThan((high - low) * 0.97);
  };

  it('stay in their ranges and fill them', () => {
    fills(column(0), -30, 30);
    fills(column(1), 0.5, 1.5);
    fills(column(3), 0.1, 0.2);
    fills(column(4), 0, 1);
    fills(column(5), -1, 1);
    fills(column(6), 0, lerpOf(2));
    expect(new Set(column(7))).toEqual(new Set([0]));
  });

  it('are made to the share of pictures that was asked for', () => {
    expect(column(2).filter((f) => f !== 1).length / many.length).toBeCloseTo(0.25, 1);
    expect(column(9).filter((bottom) => bottom > 0).length / many.length).toBeCloseTo(0.5, 1);
  });

  it('erased rectangles lie inside and have the size asked for', () => {
    for (const [top, bottom, left, right] of many.map((row) => row.slice(8))) {
      if (bottom === 0) continue;
      expect(top >= 0 && left >= 0 && bottom <= 20 && right <= 30 && bottom > top && right > left).toBe(true);
      const share = ((bottom - top) * (right - left)) / 600;
      expect(share).toBeGreaterThan(0.05);
      expect(share).toBeLessThan(0.45);
    }
  });

  it('are a function of seed, epoch and sample, and of no other word', () => {
    const [one] = draw(all, [900_000]);
    expect(draw(all, [5, 900_000])[1]).toEqual(one);
    for (const other of [draw(all, [900_000], 8), draw(all, [900_000], 7, 4), draw(all, [900_001])]) expect(other[0]).not.toEqual(one);
    expect(draw([all[1], all[7]], [900_000])[0]).toEqual([one[1], ...one.slice(8)]);
  });
});

it('a blur of nothing changes nothing, a large one is the mean of three', () => {
  expect(lerpOf(0)).toBe(0);
  expect(lerpOf(1e6)).toBeCloseTo(1, 9);
});
