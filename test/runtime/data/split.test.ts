import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/runtime/files/hash.ts';
import { countOf, limitSamples, splitSamples } from '../../../src/runtime/data/split.ts';
import type { Parts, SplitInput } from '../../../src/runtime/data/split.ts';

interface Options {
  classes?: readonly number[];
  hashes?: readonly string[];
  test?: number | null;
  validation?: number | null;
  by?: 'stratified' | 'random' | 'order';
  seed?: number;
  duplicates?: 'together' | 'allow';
  orderPerClass?: boolean;
}

const hashesOf = (n: number): string[] => Array.from({ length: n }, (_, i) => sha256(`sample ${i}`));
/** n samples of k classes, class of i is i % k. */
const input = (n: number, { classes = Array.from({ length: n }, () => 0), hashes = hashesOf(n), test = 0.2, validation = 0, by = 'stratified', seed = 0, duplicates = 'together', orderPerClass = false }: Options = {}): SplitInput => ({
  hashes, classOf: classes, part: new Uint8Array(n), orderPerClass, split: { test, validation, by, seed, duplicates },
});
const counts = ({ train, validation, test }: Parts): number[] => [train.length, validation.length, test.length];

describe('counts', () => {
  it('are those of the design: 3,670 pictures, test 20 %, validation 25 %', () => {
    const classes = Array.from({ length: 3670 }, (_, i) => i % 5);
    expect(counts(splitSamples(input(3670, { classes, test: 0.2, validation: 0.25 })))).toEqual([2202, 734, 734]);
  });

  it.each([
    [10, 0.2, 2], [10, 0.25, 3], [10, 0.01, 1], [100, 0.1, 10], [3, 0.3, 1], [1, 0.2, 0], [2, 0.9, 1], [70_000, 0.1, 7000],
  ])('%i · %f → %i, as Keras cuts', (n, fraction, want) => expect(countOf(fraction, n)).toBe(want));

  it('are shared among classes as well as it goes', () => {
    const classes = [...Array.from({ length: 90 }, () => 0), ...Array.from({ length: 45 }, () => 1), ...Array.from({ length: 15 }, () => 2)];
    const { test } = splitSamples(input(150, { classes, test: 0.2 }));
    expect([0, 1, 2].map((c) => test.filter((i) => classes[i] === c).length)).toEqual([18, 9, 3]);
  });

  it('leave every class a sample to train with', () => {
    const classes = [0, 0, 0, 0, 1, 2];
    const { train } = splitSamples(input(6, { classes, test: 0.5, validation: 0.5 }));
    expect(new Set(Array.from(train, (i) => classes[i]))).toEqual(new Set([0, 1, 2]));
  });
});

it('any split is a partition, of the size asked, repeatable, and keeps copies together', () => {
  const arbitrary = fc.record({
    ids: fc.array(fc.nat({ max: 60 }), { minLength: 2, maxLength: 120 }),
    k: fc.integer({ min: 1, max: 6 }),
    test: fc.constantFrom(0, 0.1, 0.2, 0.33, 0.5),
    validation: fc.constantFrom(0, 0.15, 0.25, 0.5),
    by: fc.constantFrom('stratified' as const, 'random' as const, 'order' as const),
    seed: fc.nat(),
    duplicates: fc.constantFrom('together' as const, 'allow' as const),
  });
  fc.assert(
    fc.property(arbitrary, ({ ids, k, ...rest }) => {
      const hashes = ids.map((id) => sha256(`${id}`));
      const classes = ids.map((id, i) => (id + (i % 7 === 0 ? 1 : 0)) % k);
      const one = input(ids.length, { ...rest, hashes, classes });
      const parts = splitSamples(one);
      const all = [...parts.train, ...parts.validation, ...parts.test];
      expect([...all].sort((a, b) => a - b)).toEqual([...ids.keys()]);
      expect(splitSamples(one)).toEqual(parts);
      expect(parts.test.length).toBeLessThanOrEqual(countOf(rest.test, ids.length));
      for (const part of Object.values(parts)) expect([...part]).toEqual([...part].sort((a, b) => a - b));
      if (rest.duplicates === 'together' && rest.by !== 'order') {
        const home = new Map<string, string>();
        for (const [name, part] of Object.entries(parts)) {
          for (const i of part) {
            expect(home.get(hashes[i]) ?? name).toBe(name);
            home.set(hashes[i], name);
          }
        }
      }
    }),
    { numRuns: process.env.CNNC_SOAK ? 3000 : 150 },
  );
});

it('moves little when samples are added, and nothing when they are reordered', () => {
  const base = hashesOf(1000);
  const test = (hashes: string[]): Set<string> => {
    const { test: part } = splitSamples(input(hashes.length, { hashes, by: 'random' }));
    return new Set(Array.from(part, (i) => hashes[i]));
  };
  const before = test(base);
  expect(test([...base].reverse())).toEqual(before);
  const after = test([...base, sha256('new 1'), sha256('new 2')]);
  expect([...before].filter((hash) => after.has(hash)).length).toBeGreaterThan(197);
});

it('by order takes from the end, of the whole or of each class', () => {
  const parts = splitSamples(input(10, { by: 'order', test: 0.2, validation: 0.25 }));
  expect([...parts.test]).toEqual([8, 9]);
  expect([...parts.validation]).toEqual([6, 7]);
  const classes = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
  expect([...splitSamples(input(10, { by: 'order', classes, orderPerClass: true })).test]).toEqual([4, 9]);
});

it('leaves parts that the source brings as they are', () => {
  const one = { ...input(10, { test: null, validation: 0.25 }), part: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 2, 2) };
  expect(counts(splitSamples(one))).toEqual([6, 2, 2]);
  expect([...splitSamples(one).test]).toEqual([8, 9]);
});

it('a limit takes of each part and class its share', () => {
  const classes = Array.from({ length: 120 }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const one = { ...input(120, { classes }), part: Uint8Array.from({ length: 120 }, (_, i) => (i < 80 ? 0 : 2)) };
  const kept = limitSamples(one, 60);
  expect(kept.filter((i) => i < 80)).toHaveLength(40);
  expect(kept.filter((i) => i < 80 && classes[i] === 1)).toHaveLength(10);
  expect(kept.filter((i) => i >= 80 && classes[i] === 1)).toHaveLength(5);
  expect(limitSamples(one, 500)).toHaveLength(120);
  const ordered = { ...one, split: { ...one.split, by: 'order' as const }, orderPerClass: false };
  expect(limitSamples(ordered, 60).slice(0, 40)).toEqual([...Array(40).keys()]);
});
