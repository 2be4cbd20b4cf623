import { describe, expect, it } from 'vitest';
import type { DataSource, Preprocess } from '../../../src/compiler/model/program.ts';
import { featurewiseStatistics, fillBatch, openDataset, probe } from '../../../src/runtime/data/index.ts';
import { sha256 } from '../../../src/runtime/files/hash.ts';
import { optionsFor, origin, planOf, problemsOf, temporaryFolder } from './support.ts';

type Synthetic = Extract<DataSource, { kind: 'synthetic' }>;
const source = (changes: Partial<Synthetic> = {}): Synthetic => ({ kind: 'synthetic', count: 80, classes: 8, seed: 0, noise: 0.1, origin, ...changes });
const plan = (changes: Partial<Synthetic> = {}, image = {}): ReturnType<typeof planOf> => planOf(source(changes), { image: { height: 32, width: 32, ...image }, split: { test: 0.25 } });
const open = (changes: Partial<Synthetic> = {}, image = {}): ReturnType<typeof openDataset> => openDataset(plan(changes, image), optionsFor(temporaryFolder()));
const all = Array.from({ length: 80 }, (_, i) => i);

describe('synthetic shapes', () => {
  it('are the same for ever: the meaning of a seed', async () => {
    const hash = async (changes = {}, image = {}): Promise<string> => sha256(fillBatch(await open(changes, image), all).x.data as Uint8Array).slice(0, 16);
    expect(await hash()).toBe('70e0358bb26917f8');
    expect(await hash({}, { channels: 1, height: 20, width: 30 })).toBe('65f095c9e4343152');
  });

  it('are balanced, all different, and told by the facts', async () => {
    const dataset = await open();
    expect(dataset.facts).toEqual(await probe(plan(), optionsFor('.')));
    expect(dataset.facts).toMatchObject({ labelKind: 'categorical', perClass: Array.from({ length: 8 }, () => 10), classes: ['circle', 'square', 'triangle', 'cross', 'ring', 'star', 'diamond', 'bar'] });
    expect(new Set(all.map((i) => sha256(fillBatch(dataset, [i]).x.data as Uint8Array))).size).toBe(80);
    expect(dataset.parts.test.length).toBe(20);
    expect(dataset.describe(9)).toBe('square 9');
  });

  it('do not depend on how many there are, but on the seed', async () => {
    const first = async (changes: Partial<Synthetic>): Promise<string> => sha256(fillBatch(await open(changes), [3]).x.data as Uint8Array);
    expect(await first({ count: 200 })).toBe(await first({}));
    expect(await first({ seed: 1 })).not.toBe(await first({}));
  });

  it('without noise are a light shape on a dark ground, smooth at its edge', async () => {
    const dataset = await open({ noise: 0 }, { channels: 1 });
    for (const i of all) {
      const pixels = fillBatch(dataset, [i]).x.data;
      const [dark, light] = [Math.min(...pixels), Math.max(...pixels)];
      const share = (wanted: number): number => pixels.filter((v: number) => v === wanted).length / pixels.length;
      expect(light - dark).toBeGreaterThan(60);
      expect(share(dark)).toBeGreaterThan(0.3);
      expect(share(light)).toBeGreaterThan(0.02);
      expect(share(dark) + share(light)).toBeLessThan(1);
    }
  });

  it('of one class are nothing to tell apart', async () => {
    expect((await problemsOf(open({ classes: 1 })))[0].code).toBe('CNN4054');
  });
});

describe('featurewise statistics', () => {
  const none: Preprocess = { scale: 1, offset: 0, samplewiseCenter: false, samplewiseStd: false, featurewiseCenter: true, featurewiseStd: true, meanStd: null };
  const plainly = (values: Float64Array[]): { mean: number; std: number }[] =>
    values.map((v) => {
      const mean = v.reduce((a, b) => a + b, 0) / v.length;
      return { mean, std: Math.sqrt(v.reduce((a, b) => a + (b - mean) ** 2, 0) / v.length) };
    });

  it('are per channel of the training part alone, after scale and offset', async () => {
    const dataset = await open();
    const { data } = fillBatch(dataset, dataset.parts.train).x;
    const want = plainly([0, 1, 2].map((c) => Float64Array.from({ length: data.length / 3 }, (_, i) => data[3 * i + c] / 255 - 1)));
    const got = await featurewiseStatistics(dataset, { ...none, scale: 1 / 255, offset: -1 });
    want.forEach(({ mean, std }, c) => {
      expect(got.mean[c]).toBeCloseTo(mean, 6);
      expect(got.std[c]).toBeCloseTo(std, 6);
    });
  });

  it('come after the samplewise steps', async () => {
    const dataset = await open();
    const { mean } = await featurewiseStatistics(dataset, { ...none, samplewiseCenter: true });
    expect(mean[0] + mean[1] + mean[2]).toBeCloseTo(0, 4);
  });

  it('keep a small spread on a large mean', async () => {
    const dataset = await open();
    const small = await featurewiseStatistics(dataset, { ...none, scale: 1e-3, offset: 1e6 });
    const plain = await featurewiseStatistics(dataset, none);
    expect(small.std[0] / plain.std[0]).toBeCloseTo(1e-3, 7);
  });

  it('stop when asked', async () => {
    const dataset = await open({ count: 600 });
    await expect(featurewiseStatistics(dataset, none, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
