/** Whitening against Keras's ImageDataGenerator (scripts/goldens/whitening.py), its eigenvectors, and the cache of its matrix. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builder } from '../../../src/compiler/graph/build.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { decodeImages, preprocessImages, statisticsOf } from '../../../src/compiler/graph/preprocess.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';
import type { Preprocess } from '../../../src/compiler/model/program.ts';
import type { Dataset } from '../../../src/runtime/data/dataset.ts';
import { prepareStatistics } from '../../../src/runtime/data/prepare.ts';
import { eigenOf } from '../../../src/runtime/data/whitening/eigen.ts';
import { products } from '../../../src/runtime/data/whitening/products.ts';
import { planOf, temporaryFolder } from './support.ts';

interface Case {
  readonly shape: readonly [number, number, number];
  readonly count: number;
  readonly epsilon: number;
  readonly images: readonly number[];
  readonly out: readonly number[];
}
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, '../../goldens/whitening.json'), 'utf8')) as { readonly cases: readonly Case[] };

const preprocessOf = (epsilon: number): Preprocess => ({ scale: 1 / 255, offset: 0, samplewiseCenter: false, samplewiseStd: false, featurewiseCenter: true, featurewiseStd: false, meanStd: null, zca: { epsilon } });

/** The pictures of a case; `more` others that belong to no training. */
function datasetOf({ shape, count, images }: Case, more = 0): Dataset {
  const size = shape[0] * shape[1] * shape[2];
  return {
    shape, pixelType: 'uint8', hash: `case ${size} ${count}`,
    parts: { train: Int32Array.from({ length: count }, (_, i) => i), validation: new Int32Array(), test: Int32Array.from({ length: more }, (_, i) => count + i) },
    read: (index: number, target: Uint8Array, at: number) => target.set(index < count ? images.slice(index * size, (index + 1) * size) : new Array<number>(size).fill(255), at),
  } as unknown as Dataset;
}
const programOf = (one: Case, cache: boolean) => ({ preprocess: preprocessOf(one.epsilon), input: one.shape, data: planOf({ kind: 'none' }, { cache }) });

it.each(cases)('$count pictures of $shape, epsilon $epsilon', async (one) => {
  const { shape, count, images, out } = one;
  const program = programOf(one, false);
  const statistics = await prepareStatistics(program, datasetOf(one, 3));
  expect(Object.keys(statistics)).toEqual(['preprocess/mean', 'preprocess/zca']);
  const g = builder();
  const variables = statisticsOf(program.preprocess, shape);
  const white = preprocessImages(g, decodeImages(g, g.input('x', { dtype: 'uint8', shape: [BATCH, ...shape] })), program.preprocess, (name) => g.variable(name, variables.find((v) => v.name === name)!.type));
  const values = new Map(Object.entries(statistics).map(([name, { shape: dims, data }]) => [name, ndarray(dims, Float64Array.from(data))]));
  const [found] = interpret([white], { x: ndarray([count, ...shape], images, 'uint8') }, values);
  // Statistics are float32.
  out.forEach((want, i) => expect(Math.abs(found.data[i] - want), `number ${i}`).toBeLessThan(2e-5 * Math.max(1, Math.abs(want))));
});

it('leaves out what no picture shows, where rounding would be enlarged', async () => {
  const [one] = cases;
  const dull = { ...one, images: one.images.map((v, i) => (i % 12 === 5 ? 128 : v)) };
  // Three more numbers that say what others say.
  const statistics = await prepareStatistics({ ...programOf(dull, false), preprocess: { ...preprocessOf(1e-6), featurewiseCenter: false, offset: -128 / 255 } }, datasetOf(dull));
  const matrix = statistics['preprocess/zca'].data;
  for (let i = 0; i < 12; i++) expect(Math.abs(matrix[5 * 12 + i])).toBeLessThan(1e-6);
  expect(Math.max(...matrix)).toBeLessThan(1000);
});

it('keeps the matrix in the cache, one for each data set and setting', async () => {
  const cacheFolder = temporaryFolder();
  const [one] = cases;
  const first = await prepareStatistics(programOf(one, true), datasetOf(one), { cacheFolder });
  let reads = 0;
  const counted: Dataset = { ...datasetOf(one), read: (...args) => (reads++, datasetOf(one).read(...args)) };
  expect(await prepareStatistics(programOf(one, true), counted, { cacheFolder })).toEqual(first);
  // The mean alone.
  expect(reads).toBe(one.count);
  await prepareStatistics(programOf({ ...one, epsilon: 0.25 }, true), datasetOf(one), { cacheFolder });
  expect(readdirSync(join(cacheFolder, 'whitening'))).toHaveLength(2);
});

it('ends when it is told to', async () => {
  const big: Case = { shape: [20, 20, 1], count: 600, epsilon: 1e-6, images: Array.from({ length: 240_000 }, (_, i) => (i * 7919) % 251), out: [] };
  const control = new AbortController();
  const shares: number[] = [];
  const work = prepareStatistics(programOf(big, false), datasetOf(big), { signal: control.signal, onProgress: (share) => (shares.push(share), control.abort()) });
  await expect(work).rejects.toThrow('abort');
  expect(shares[0]).toBeGreaterThan(0);
});

describe('eigenvectors', () => {
  it.each([[1, 3], [2, 5], [3, 2], [9, 30], [40, 12], [90, 4]])('of %i numbers from %i rows', async (n, rows) => {
    const sums = products(n);
    for (let r = 0; r < rows; r++) sums.add(Float64Array.from({ length: n }, (_, j) => Math.sin(r * 13.7 + j * j * 0.37) + (j % 3) * 0.3));
    const matrix = sums.end();
    const { values, vectors } = await eigenOf(matrix.slice(), n, async () => undefined);
    const most = Math.max(...values);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let [along, product] = [0, 0];
        for (let k = 0; k < n; k++) {
          product += matrix[j * n + k] * vectors[i * n + k];
          along += vectors[i * n + k] * vectors[j * n + k];
        }
        expect(Math.abs(product - values[i] * vectors[i * n + j])).toBeLessThan(1e-13 * n * most);
        expect(Math.abs(along - (i === j ? 1 : 0))).toBeLessThan(1e-13 * n);
      }
    }
  });
  it('of numbers that repeat each other, so that most values are nothing', async () => {
    const n = 64;
    const sums = products(n);
    for (let r = 0; r < 30; r++) sums.add(Float64Array.from({ length: n }, (_, j) => ((r * 7919 + (j >> 2) * 104_729) % 17) / 17 - (r % 3 === 0 ? 0.4 : 0)));
    const { values } = await eigenOf(sums.end(), n, async () => undefined);
    expect([...values].filter((v) => v > 1e-10).length).toBeLessThanOrEqual(16);
  });
  it('of nothing at all', async () => expect([...(await eigenOf(new Float64Array(9), 3, async () => undefined)).values]).toEqual([0, 0, 0]));
  it('never of numbers that are none', async () => await expect(eigenOf(Float64Array.of(NaN, 1, 1, 1), 2, async () => undefined)).rejects.toThrow('not finite'));
});
