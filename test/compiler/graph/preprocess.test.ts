/** Preprocessing in the graph and on the host, against each other and against Keras's ImageDataGenerator. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builder } from '../../../src/compiler/graph/build.ts';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { decodeImages, preprocessForStatistics, preprocessImages, statisticsOf, warpImages } from '../../../src/compiler/graph/preprocess.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';
import { noAugment } from '../../../src/compiler/model/program.ts';
import type { Augment, Preprocess } from '../../../src/compiler/model/program.ts';

interface Goldens {
  readonly shape: readonly [number, number, number, number];
  readonly images: readonly number[];
  readonly cases: readonly { readonly options: Readonly<Record<string, number | boolean>>; readonly mean: readonly number[]; readonly std: readonly number[]; readonly prepared: readonly number[]; readonly out: readonly number[] }[];
}

const goldens = JSON.parse(readFileSync(join(import.meta.dirname, '../../goldens/preprocess.json'), 'utf8')) as Goldens;
const [count, height, width, channels] = goldens.shape;

const nothing: Preprocess = { scale: 1, offset: 0, samplewiseCenter: false, samplewiseStd: false, featurewiseCenter: false, featurewiseStd: false, meanStd: null };

const preprocessOf = (options: Goldens['cases'][number]['options']): Preprocess => ({
  ...nothing,
  scale: typeof options.rescale === 'number' ? options.rescale : 1,
  samplewiseCenter: options.samplewise_center === true,
  samplewiseStd: options.samplewise_std_normalization === true,
  featurewiseCenter: options.featurewise_center === true,
  featurewiseStd: options.featurewise_std_normalization === true,
});

function inGraph(preprocess: Preprocess, images: readonly number[], mean: readonly number[] = [], std: readonly number[] = []): Float64Array {
  const g = builder();
  const x = g.input('x', { dtype: 'uint8', shape: [BATCH, height, width, channels] });
  const variable = (name: string) => g.variable(name, { dtype: 'float32', shape: [channels] });
  const out = preprocessImages(g, decodeImages(g, x), preprocess, variable);
  const statistics = new Map([['preprocess/mean', ndarray([mean.length], mean)], ['preprocess/std', ndarray([std.length], std)]]);
  return interpret([out], { x: ndarray([images.length / (height * width * channels), height, width, channels], images, 'uint8') }, statistics)[0].data;
}

function onHost(preprocess: Preprocess): Float64Array {
  const size = height * width * channels;
  const out = new Float64Array(count * size);
  for (let i = 0; i < count; i++) {
    preprocessForStatistics(preprocess, Uint8Array.from(goldens.images.slice(i * size, (i + 1) * size)), channels, out.subarray(i * size, (i + 1) * size));
  }
  return out;
}

/** The flat image's spread is rounding noise, which 1e-6 enlarges a millionfold. */
function expectNumbers(got: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(got.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) expect(Math.abs(got[i] - wanted[i]), `element ${i}`).toBeLessThan(1e-8 * Math.max(1, Math.abs(wanted[i])));
}

describe('as ImageDataGenerator', () => {
  it.each(goldens.cases)('$options', ({ options, mean, std, prepared, out }) => {
    const preprocess = preprocessOf(options);
    expectNumbers(inGraph(preprocess, goldens.images, mean, std), out);
    expectNumbers(onHost(preprocess), prepared);
  });
});

describe('order of work', () => {
  it('scales, then adds the offset', () => {
    const preprocess = { ...nothing, scale: 1 / 127.5, offset: -1 };
    const wanted = goldens.images.map((pixel) => pixel / 127.5 - 1);
    expectNumbers(inGraph(preprocess, goldens.images), wanted);
    expectNumbers(onHost(preprocess), wanted);
  });

  it('takes given means and spreads like featurewise ones', () => {
    const meanStd = { mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.5] };
    const wanted = goldens.images.map((pixel, i) => (pixel / 255 - meanStd.mean[i % 3]) / (meanStd.std[i % 3] + 1e-6));
    expectNumbers(inGraph({ ...nothing, scale: 1 / 255, meanStd }, goldens.images), wanted);
  });

  it('agrees on host and in the graph on everything before the featurewise steps', () => {
    const preprocess = { ...nothing, scale: 1 / 100, offset: 0.5, samplewiseStd: true };
    expectNumbers(inGraph(preprocess, goldens.images), onHost(preprocess));
  });

  it('leaves images alone where nothing is asked for', () => {
    expectNumbers(inGraph(nothing, goldens.images), goldens.images);
  });
});

it('asks for the statistics that it uses, per channel', () => {
  expect(statisticsOf(nothing, [4, 3, 3])).toEqual([]);
  expect(statisticsOf({ ...nothing, featurewiseCenter: true, featurewiseStd: true }, [4, 3, 3])).toEqual([
    { name: 'preprocess/mean', type: { dtype: 'float32', shape: [3] }, role: 'statistic' },
    { name: 'preprocess/std', type: { dtype: 'float32', shape: [3] }, role: 'statistic' },
  ]);
});

it('warps pixels before scaling: the fill value counts as a pixel', () => {
  const g = builder();
  const x = g.input('x', { dtype: 'uint8', shape: [BATCH, 1, 3, 1] });
  const transforms = g.input('transforms', { dtype: 'float32', shape: [BATCH, 8] });
  const augment: Augment = { ...noAugment, widthShift: { amount: 1, unit: 'pixels' }, fill: { mode: 'constant', value: 255 } };
  const out = preprocessImages(g, warpImages(g, decodeImages(g, x), transforms, augment), { ...nothing, scale: 1 / 255 }, () => x);
  const feeds = { x: ndarray([1, 1, 3, 1], [51, 102, 0], 'uint8'), transforms: ndarray([1, 8], [1, 0, -1, 0, 1, 0, 0, 0]) };
  expectNumbers(interpret([out], feeds)[0].data, [1, 0.2, 0.4]);
});
