import { expect, it } from 'vitest';
import { draws, philox4x32, Purpose, shuffle } from '../../../src/compiler/graph/philox.ts';

/** Known answers published with Random123 (kat_vectors, philox4x32 10). */
const vectors: [number[], number[], string][] = [
  [[0, 0, 0, 0], [0, 0], '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
  [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], '408f276d 41c83b0e a20bc7c6 6d5451fd'],
  [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], 'd16cfe09 94fdcceb 5001e420 24126ea1'],
];

it.each(vectors)('equals the published Random123 vector %#', ([a, b, c, d], [k0, k1], want) => {
  const out = new Uint32Array(4);
  philox4x32(a, b, c, d, k0, k1, out);
  expect([...out].map((x) => x.toString(16).padStart(8, '0')).join(' ')).toBe(want);
});

it('is a function of seed, purpose and indices alone', () => {
  const first = (seed: number, purpose: Purpose, a: number, b: number) => draws(seed, purpose, a, b).uint32();
  const all = [first(1, Purpose.shuffle, 0, 0), first(2, Purpose.shuffle, 0, 0), first(1, Purpose.split, 0, 0), first(1, Purpose.shuffle, 1, 0), first(1, Purpose.shuffle, 0, 1), first(1 + 2 ** 32, Purpose.shuffle, 0, 0)];
  expect(new Set(all).size).toBe(all.length);
  expect(first(1, Purpose.shuffle, 0, 0)).toBe(all[0]);
});

it('draws uniformly below n and permutes', () => {
  const random = draws(7, Purpose.shuffle);
  const counts = Array.from({ length: 10 }, () => 0);
  for (let i = 0; i < 10000; i++) counts[random.below(10)]++;
  for (const c of counts) expect(Math.abs(c - 1000)).toBeLessThan(150);
  const order = shuffle(Int32Array.from({ length: 100 }, (_, i) => i), draws(7, Purpose.shuffle, 1));
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect([...order]).not.toEqual(Array.from({ length: 100 }, (_, i) => i));
});
