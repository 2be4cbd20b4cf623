import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { draws, Purpose } from '../../../src/compiler/graph/philox.ts';
import { nearCopies } from '../../../src/runtime/data/near-copies.ts';

/** A picture as a photograph is: smooth, of all lights. [8, 9, 3] */
function scene(seed: number): Uint8Array {
  const random = draws(seed, Purpose.synthetic);
  const corners = Array.from({ length: 5 * 5 * 3 }, () => 20 + 215 * random.uniform());
  return Uint8Array.from({ length: 216 }, (_, at) => {
    const [y, x, c] = [Math.floor(at / 27) / 2, (Math.floor(at / 3) % 9) / 2.2, at % 3];
    const [y0, x0] = [Math.floor(y), Math.floor(x)];
    const corner = (dy: number, dx: number): number => corners[((y0 + dy) * 5 + x0 + dx) * 3 + c] ?? 0;
    const [v, u] = [y - y0, x - x0];
    return (corner(0, 0) * (1 - u) + corner(0, 1) * u) * (1 - v) + (corner(1, 0) * (1 - u) + corner(1, 1) * u) * v;
  });
}
const lighter = (small: Uint8Array, by: number): Uint8Array => small.map((v) => Math.min(255, v + by));

describe('pictures that are nearly the same', () => {
  it('are found among many, and nothing else', () => {
    const count = process.env.CNNC_SOAK ? 20_000 : 1500;
    const all = Array.from({ length: count }, (_, i) => scene(i));
    const copies = [3, 700, 701, 1499].map((i) => lighter(all[i], 6));
    const groups = [...all.map(() => 0), ...copies.map(() => 1)];
    expect(nearCopies([...all, ...copies], groups)).toEqual([3, 700, 701, 1499].map((i, k) => [i, count + k]));
  });

  it('are paired across groups only, each with each group', () => {
    const one = scene(1);
    expect(nearCopies([one, scene(2), lighter(one, 3), null, lighter(one, 5), lighter(one, 2)], [0, 0, 0, 1, 1, 2])).toEqual([[0, 4], [0, 5], [2, 4], [2, 5], [4, 5]]);
    expect(nearCopies([one, lighter(one, 1), lighter(one, 2), lighter(one, 3)], [0, 0, 1, 1])).toEqual([[0, 2], [0, 3], [1, 2]]);
  });

  it('plain pictures are not compared', () => {
    expect(nearCopies([new Uint8Array(216).fill(90), new Uint8Array(216).fill(91)], [0, 1])).toEqual([]);
    const digit = (at: number): Uint8Array => Uint8Array.from({ length: 216 }, (_, i) => (Math.floor(i / 3) % 9 === at ? 250 : 0));
    expect(nearCopies([digit(4), digit(4)], [0, 1])).toEqual([]);
  });

  it('the same hash with other colours is another picture', () => {
    const one = scene(5);
    const swapped = one.map((_, i) => one[i - (i % 3) + ((i % 3) + 1) % 3]);
    expect(nearCopies([one, swapped], [0, 1])).toEqual([]);
  });

  it('the frames of a film give few pairs', () => {
    const one = scene(1);
    const frames = Array.from({ length: 5000 }, (_, i) => one.map((v, at) => (at % 7 === i % 7 ? v ^ 1 : v)));
    const pairs = nearCopies(frames, frames.map((_, i) => (i < 4000 ? 0 : 1)));
    expect(new Set(pairs.map(([, j]) => j)).size).toBe(1000);
    expect(pairs.length).toBeLessThanOrEqual(5000);
  });
});

it('copies of another size and quality are near', async () => {
  const pixels = await sharp(Buffer.from(scene(9)), { raw: { width: 9, height: 8, channels: 3 } }).resize(400, 300, { kernel: 'cubic', fit: 'fill' }).png().toBuffer();
  const small = async (image: Sharp): Promise<Uint8Array> => new Uint8Array(await sharp(await image.toBuffer()).resize(9, 8, { fit: 'fill', kernel: 'linear' }).removeAlpha().raw().toBuffer());
  const variants = await Promise.all([small(sharp(pixels)), small(sharp(pixels).jpeg({ quality: 30 })), small(sharp(pixels).resize(120, 80, { fit: 'fill' }).jpeg({ quality: 60 })), small(sharp(pixels).modulate({ brightness: 1.05 }).webp({ quality: 50 })), small(sharp(Buffer.from(scene(10)), { raw: { width: 9, height: 8, channels: 3 } }).png())]);
  expect(nearCopies(variants, [0, 1, 2, 3, 4])).toEqual([[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]);
});
