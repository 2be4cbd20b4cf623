import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { warp as warpOp } from '../../../src/compiler/graph/ops/warp.ts';
import { noAugment } from '../../../src/compiler/model/program.ts';
import type { Augment } from '../../../src/compiler/model/program.ts';
import { drawTransforms, drawWarp, writeTransform } from '../../../src/runtime/augment/transforms.ts';
import type { Warp } from '../../../src/runtime/augment/transforms.ts';

interface Golden {
  readonly by: string;
  readonly fill: 'nearest' | 'reflect';
  readonly shape: [number, number, number];
  readonly warp: Warp;
  readonly image: number[];
  readonly out: number[];
}
const goldens = JSON.parse(readFileSync(new URL('../../fixtures/augment/warps.json', import.meta.url), 'utf8')) as Golden[];
const off = noAugment;
const shape: [number, number, number] = [20, 30, 3];

const apply = (image: number[], size: [number, number, number], transform: Float32Array, fill: Golden['fill']): Float64Array => {
  const tensor = { dtype: 'float32' as const, shape: [1, ...size], data: Float64Array.from(image) };
  return warpOp.evaluate([tensor, { dtype: 'float32', shape: [1, 8], data: Float64Array.from(transform) }], { interpolation: 'bilinear', fill, fillValue: 0 })[0].data;
};

it.each(goldens.map((golden, i) => [`${i}: ${golden.by}, ${golden.fill}, ${golden.shape.join('x')}`, golden] as const))('warps as the goldens, %s', (_, golden) => {
  const transform = new Float32Array(8);
  writeTransform(golden.warp, golden.shape, transform, 0);
  const out = apply(golden.image, golden.shape, transform, golden.fill);
  golden.out.forEach((want, i) => expect(Math.abs(out[i] - want)).toBeLessThan(0.01));
});

describe('the numbers', () => {
  const all: Augment = { ...off, rotation: 20, widthShift: { amount: 0.2, unit: 'fraction' }, heightShift: { amount: 3, unit: 'pixels' }, zoom: [0.8, 1.3], horizontalFlip: true, verticalFlip: true };
  const many = (augment: Augment, n = 2000): Warp[] => Array.from({ length: n }, (_, i) => drawWarp(augment, shape, 7, 0, i));

  it('are a function of seed, epoch and sample alone', () => {
    const both = new Float32Array(16);
    const one = new Float32Array(8);
    drawTransforms(all, shape, 7, 3, [5, 900_000], both);
    drawTransforms(all, shape, 7, 3, Int32Array.of(900_000), one);
    expect(both.subarray(8)).toEqual(one);
    for (const [seed, epoch, sample] of [[8, 3, 900_000], [7, 4, 900_000], [7, 3, 900_001], [7 + 2 ** 32, 3, 900_000]]) {
      const other = new Float32Array(8);
      drawTransforms(all, shape, seed, epoch, [sample], other);
      expect(other).not.toEqual(one);
    }
  });

  it('stay in their ranges and fill them', () => {
    const warps = many(all);
    const range = (of: (w: Warp) => number): [number, number] => [Math.min(...warps.map(of)), Math.max(...warps.map(of))];
    const fills = ([low, high]: [number, number], a: number, b: number): void => {
      expect(low).toBeGreaterThanOrEqual(a);
      expect(high).toBeLessThanOrEqual(b);
      expect(high - low).toBeGreaterThan((b - a) * 0.98);
    };
    fills(range((w) => (w.theta * 180) / Math.PI), -20, 20);
    fills(range((w) => w.shiftX), -6, 6); // .2 of 30 columns
    fills(range((w) => w.shiftY), -3, 3); // pixels
    fills(range((w) => w.zoomX), 0.8, 1.3);
    fills(range((w) => w.zoomY), 0.8, 1.3);
    expect(warps.filter((w) => w.flipX).length / warps.length).toBeCloseTo(0.5, 1);
    expect(warps.filter((w) => w.flipX !== w.flipY).length / warps.length).toBeCloseTo(0.5, 1);
    expect(warps.some((w) => w.zoomX !== w.zoomY)).toBe(true);
  });

  it('of one augmentation do not depend on the others', () => {
    const alone = many({ ...off, horizontalFlip: true }, 50).map((w) => w.flipX);
    expect(many(all, 50).map((w) => w.flipX)).toEqual(alone);
    expect(many({ ...off, rotation: 20 }, 50).map((w) => w.theta)).toEqual(many(all, 50).map((w) => w.theta));
  });

  it('are the identity, to the bit, when nothing is on', () => {
    const out = new Float32Array(8).fill(9);
    drawTransforms(off, [150, 151, 3], 1, 2, [3], out);
    expect([...out].map((v) => v + 0)).toEqual([1, 0, 0, 0, 1, 0, 0, 0]); // + 0: there is a −0 among them
  });

  it('of a flip move whole pixels', () => {
    const transform = new Float32Array(8);
    writeTransform({ theta: 0, shiftX: 0, shiftY: 0, zoomX: 1, zoomY: 1, flipX: true, flipY: false }, [2, 3, 1], transform, 0);
    expect([...apply([1, 2, 3, 4, 5, 6], [2, 3, 1], transform, 'nearest')]).toEqual([3, 2, 1, 6, 5, 4]);
  });
});

describe('crops, slants and chances', () => {
  const warps = (augment: Augment, n = 2000): Warp[] => Array.from({ length: n }, (_, i) => drawWarp(augment, shape, 7, 0, i));
  const corner = (transform: Float32Array, x: number, y: number): [number, number] => [transform[0] * x + transform[1] * y + transform[2], transform[3] * x + transform[4] * y + transform[5]];

  it('a crop never leaves the picture, and reaches its corners', () => {
    const seen: number[] = [];
    for (const warp of warps({ ...off, crop: 0.5 }, 500)) {
      const transform = new Float32Array(8);
      writeTransform(warp, shape, transform, 0);
      for (const [x, y] of [[0, 0], [29, 19]]) {
        const [fromX, fromY] = corner(transform, x, y);
        expect(fromX).toBeGreaterThan(-0.51);
        expect(fromX).toBeLessThan(29.51);
        expect(fromY).toBeGreaterThan(-0.51);
        expect(fromY).toBeLessThan(19.51);
        seen.push(fromX);
      }
    }
    expect(Math.min(...seen)).toBeLessThan(0.5);
    expect(Math.max(...seen)).toBeGreaterThan(28.5);
  });

  it('a crop of a mirrored picture is mirrored', () => {
    const crop = { share: 0.5, x: -1, y: 1 };
    const [plain, mirrored] = [new Float32Array(8), new Float32Array(8)];
    const none: Warp = { theta: 0, shiftX: 0, shiftY: 0, zoomX: 1, zoomY: 1, flipX: false, flipY: false, crop };
    writeTransform(none, shape, plain, 0);
    writeTransform({ ...none, flipX: true }, shape, mirrored, 0);
    expect(corner(plain, 0, 0)[0]).toBeCloseTo(-0.25, 5); // the left half: its first pixel lies a quarter beyond the middle of the picture's
    expect(corner(mirrored, 0, 0)[0]).toBeCloseTo(29.25, 5);
    expect(corner(plain, 0, 19)[1]).toBeCloseTo(19.25, 5);
  });

  it('p= is the share of pictures', () => {
    const augment: Augment = { ...off, rotation: 20, shear: 10, crop: 0.5, horizontalFlip: true, chances: { ...off.chances, rotation: 0.2, shear: 0, crop: 0.7, horizontalFlip: 0.9 } };
    const drawn = warps(augment);
    const share = (of: (w: Warp) => boolean): number => drawn.filter(of).length / drawn.length;
    expect(share((w) => w.theta !== 0)).toBeCloseTo(0.2, 1);
    expect(share((w) => w.shear !== undefined)).toBe(0);
    expect(share((w) => w.crop !== undefined)).toBeCloseTo(0.7, 1);
    expect(share((w) => w.flipX)).toBeCloseTo(0.9, 1);
    const angles = warps({ ...off, rotation: 20 }).map((w) => w.theta);
    drawn.forEach((w, i) => w.theta !== 0 && expect(w.theta).toBe(angles[i]));
  });
});
