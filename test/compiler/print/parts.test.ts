/** The other parts of generated code: augmentation, weights as files, new models, memory. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { interpret } from '../../../src/compiler/graph/interpret.ts';
import { builder } from '../../../src/compiler/graph/build.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { BATCH } from '../../../src/compiler/graph/types.ts';
import { changeColours } from '../../../src/compiler/graph/colours.ts';
import type { Augment, ColourStep, Initializer } from '../../../src/compiler/model/program.ts';
import { lerpOf } from '../../../src/runtime/augment/colours.ts';
import { writeTransform } from '../../../src/runtime/augment/transforms.ts';
import { generate, tfjs } from './generated.ts';
import type { Generated } from './generated.ts';
import { changing, flowers, program } from './programs.ts';
import type { ProgramSpec } from './programs.ts';

interface Random {
  number(): number;
  tensor(shape: number[]): Tfjs.Tensor;
}
interface Module {
  newModel(seed?: number): { variables: ReadonlyMap<string, Tfjs.Variable> };
  modelWith(weights: ReadonlyMap<string, Tfjs.Tensor>): { variables: ReadonlyMap<string, Tfjs.Variable> };
  readWeights(manifest: unknown, data: ArrayBuffer): Map<string, Tfjs.Tensor>;
  writeWeights(model: unknown, statistics?: unknown): Promise<{ manifest: unknown; data: ArrayBuffer }>;
  statisticsOf(images: Tfjs.Tensor4D): { mean: Tfjs.Tensor1D; std: Tfjs.Tensor1D };
  statisticsWith(weights: ReadonlyMap<string, Tfjs.Tensor>): { mean: Tfjs.Tensor1D; std: Tfjs.Tensor1D };
  seededRandom(seed: number): Random;
  randomWarp(random: { number(): number }): { angle: number; shift: [number, number]; zoom: [number, number]; flip: { horizontal: boolean; vertical: boolean } };
  matrixOf(warp: unknown): number[];
  warp(images: Tfjs.Tensor4D, matrices: number[][]): Tfjs.Tensor4D;
  changeColours(images: Tfjs.Tensor4D, random: Random): Tfjs.Tensor4D;
  augment(images: Tfjs.Tensor4D, random: Random): Tfjs.Tensor4D;
  newOptimizer(model: unknown): unknown;
  trainStep(model: unknown, optimizer: unknown, batch: unknown, options: unknown): { loss: Tfjs.Scalar };
  evaluate(model: unknown, samples: unknown): Promise<{ loss: number }>;
  fit(model: unknown, training: unknown, validation: null, options?: unknown): Promise<Record<string, number>[]>;
  classify(model: unknown, images: Tfjs.Tensor4D, statistics?: unknown, top?: number): Promise<{ name: string; probability: number }[][]>;
}

let tf: typeof Tfjs;
const made: Generated[] = [];
const load = async (p: ReturnType<typeof program>): Promise<Module> => {
  const generated = await generate(p);
  made.push(generated);
  return (await generated.load()) as Module;
};
beforeAll(async () => {
  tf = await tfjs();
});
afterAll(() => Promise.all(made.map((generated) => generated.remove())));

const augmented = (augment: Partial<Augment>) =>
  load(program({ input: [7, 9, 2], augment: { rotation: 30, ...augment }, network: [['flatten'], ['dense', { units: 3 }], ['softmax']] }));

it('a layer’s own seed draws on from step to step, whatever training is given', async () => {
  const code = await load(program({ input: [4, 4, 1], network: [['flatten'], ['dropout', { rate: 0.5, bits: 8, threshold: 128, keep: 0.5, seed: 3 }], ['dense', { units: 3 }], ['softmax']] }));
  const losses = [1, 2].map((seed) => {
    const model = code.newModel(1);
    const batch = { images: tf.ones([2, 4, 4, 1]), labels: tf.tensor1d([0, 1], 'int32') };
    return code.trainStep(model, code.newOptimizer(model), batch, { random: code.seededRandom(seed) }).loss.dataSync()[0];
  });
  // The second step goes on drawing.
  expect(losses[0]).not.toBe(losses[1]);
});

describe('augmentation', () => {
  it('has the matrices of training', async () => {
    const code = await augmented({});
    for (const [angle, x, y, zx, zy, horizontal, vertical] of [[0.3, 2, -1, 0.8, 1.2, true, false], [-1, 0, 0.5, 1, 1, false, true], [0, 0, 0, 1, 1, true, true]] as const) {
      const wanted = new Float32Array(8);
      writeTransform({ theta: angle, shiftX: x, shiftY: y, zoomX: zx, zoomY: zy, flipX: horizontal, flipY: vertical }, [7, 9, 2], wanted, 0);
      const got = code.matrixOf({ angle, shift: [x, y], zoom: [zx, zy], flip: { horizontal, vertical } });
      got.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 5));
    }
  });

  it.each(['nearest', 'constant', 'reflect', 'wrap'] as const)('fills as the graph does: %s', async (mode) => {
    const code = await augmented({ fill: { mode, value: 7 } });
    const pixels = Float32Array.from({ length: 2 * 7 * 9 * 2 }, (_, i) => (i * 37) % 256);
    const warp = { angle: 0.4, shift: [5, -3], zoom: [1.3, 0.9], flip: { horizontal: false, vertical: false } };
    const matrices = [code.matrixOf(warp), code.matrixOf({ ...warp, angle: -1, shift: [-11, 9] })];
    const g = builder();
    const out = g.warp(g.input('x', { dtype: 'float32', shape: [BATCH, 7, 9, 2] }), g.input('t', { dtype: 'float32', shape: [BATCH, 8] }), { interpolation: 'bilinear', fill: mode, fillValue: 7 });
    const [wanted] = interpret([out], { x: ndarray([2, 7, 9, 2], pixels), t: ndarray([2, 8], matrices.flat()) });
    const got = code.warp(tf.tensor4d(pixels, [2, 7, 9, 2]), matrices).dataSync();
    got.forEach((value, i) => expect(value).toBeCloseTo(wanted.data[i], 2));
  });

  it('draws within the ranges asked for', async () => {
    const code = await augmented({ rotation: 90, widthShift: { amount: 0.5, unit: 'fraction' }, heightShift: { amount: 2, unit: 'pixels' }, zoom: [0.5, 1.5], horizontalFlip: true });
    const random = code.seededRandom(1);
    const warps = Array.from({ length: 500 }, () => code.randomWarp(random));
    const spread = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];
    for (const [values, low, high] of [
      [warps.map((w) => w.angle), -Math.PI / 2, Math.PI / 2], [warps.map((w) => w.shift[0]), -4.5, 4.5], [warps.map((w) => w.shift[1]), -2, 2], [warps.map((w) => w.zoom[0]), 0.5, 1.5], [warps.map((w) => w.zoom[1]), 0.5, 1.5],
    ] as const) {
      const [least, most] = spread([...values]);
      expect(least).toBeGreaterThanOrEqual(low);
      expect(most).toBeLessThanOrEqual(high);
      expect(most - least).toBeGreaterThan(0.9 * (high - low));
    }
    const flipped = warps.filter((w) => w.flip.horizontal).length;
    expect(flipped).toBeGreaterThan(200);
    expect(flipped).toBeLessThan(300);
    expect(warps.some((w) => w.flip.vertical)).toBe(false);
  });
});

describe('slants, crops and colours', () => {
  it('have the matrices of training', async () => {
    const code = await augmented({ shear: 10, crop: 0.5 });
    const crop = { share: 0.6, x: -0.3, y: 0.8 };
    const wanted = new Float32Array(8);
    writeTransform({ theta: 0.3, shiftX: 2, shiftY: -1, zoomX: 0.8, zoomY: 1.2, flipX: true, flipY: false, shear: 0.4, crop }, [7, 9, 2], wanted, 0);
    const got = code.matrixOf({ angle: 0.3, shift: [2, -1], slant: 0.4, zoom: [0.8, 1.2], crop, flip: { horizontal: true, vertical: false } });
    got.forEach((value, i) => expect(value).toBeCloseTo(wanted[i], 5));
  });

  const pixels = Float32Array.from({ length: 2 * 9 * 7 * 3 }, (_, i) => (i * 37) % 256);
  const u = 0.7;
  const steady: Random = { number: () => u, tensor: (size) => tf.fill(size, 0.5) };
  const range = (low: number, high: number): number => low + (high - low) * u;
  const angle = (range(-60, 60) * Math.PI) / 180;
  /** The rectangle as runtime/augment/colours.ts draws it. */
  const area = range(0.1, 0.4) * 63;
  const rows = Math.round(Math.sqrt(area * Math.exp((2 * u - 1) * Math.log(10 / 3))));
  const columns = Math.round(area / rows);
  const [top, left] = [Math.floor(u * (9 - rows + 1)), Math.floor(u * (7 - columns + 1))];
  const steps: readonly (readonly [ColourStep, readonly number[]])[] = [
    [{ kind: 'channel_shift', chance: 1, amount: 30 }, [range(-30, 30)]],
    [{ kind: 'brightness', chance: 1, range: [0.5, 1.5] }, [range(0.5, 1.5)]],
    [{ kind: 'contrast', chance: 0.8, range: [0.5, 2] }, [range(0.5, 2)]],
    [{ kind: 'contrast', chance: 0.6, range: [0.5, 2] }, [1]],
    [{ kind: 'saturation', chance: 1, range: [0.2, 2] }, [range(0.2, 2)]],
    [{ kind: 'hue', chance: 1, degrees: 60 }, [Math.cos(angle), Math.sin(angle)]],
    [{ kind: 'blur', chance: 1, sigma: 2 }, [lerpOf(range(0, 2))]],
    [{ kind: 'erase', chance: 1, least: 0.1, most: 0.4, value: 99 }, [top, top + rows, left, left + columns]],
  ];

  it.each(steps.map(([step, numbers]) => [step.kind, step, numbers] as const))('%s is that of training', async (_, step, numbers) => {
    const p = program({ input: [9, 7, 3], augment: { colours: [step] }, network: [['flatten'], ['dense', { units: 3 }], ['softmax']] });
    const got = (await load(p)).changeColours(tf.tensor4d(pixels, [2, 9, 7, 3]), steady).dataSync();
    const g = builder();
    const given = g.input('colours', { dtype: 'float32', shape: [BATCH, numbers.length] });
    const random = { key: g.input('key', { dtype: 'int32', shape: [2] }), step: g.input('step', { dtype: 'int32', shape: [] }), second: false };
    const out = changeColours(g, g.input('x', { dtype: 'float32', shape: [BATCH, 9, 7, 3] }), given, p.augment, random);
    const [wanted] = interpret([out], { x: ndarray([2, 9, 7, 3], pixels), colours: ndarray([2, numbers.length], [...numbers, ...numbers]) });
    got.forEach((value, i) => expect(value).toBeCloseTo(wanted.data[i], 2));
  });

  it('noise is normal', async () => {
    const p = program({ input: [9, 7, 3], augment: { colours: [{ kind: 'noise', chance: 1, std: 10 }] }, network: [['flatten'], ['dense', { units: 3 }], ['softmax']] });
    const got = (await load(p)).changeColours(tf.fill([2, 9, 7, 3], 100), steady).dataSync();
    for (const value of got) expect(value).toBeCloseTo(100 + range(0, 10) * Math.sqrt(-2 * Math.log(0.5)) * Math.cos(Math.PI), 3);
  });

  it('all at once stay pixels', async () => {
    const code = await load(changing.all);
    const out = code.augment(tf.tensor4d(pixels, [2, 9, 7, 3]), code.seededRandom(3)).dataSync();
    expect(out).toHaveLength(pixels.length);
    for (const value of out) expect(value >= 0 && value <= 255).toBe(true);
  });
});

describe('a run', () => {
  const tiny = (fit: ProgramSpec['fit']) => program({ input: [2, 2, 1], network: [['flatten'], ['dense', { units: 3 }], ['softmax']], metrics: [], optimizer: { kind: 'sgd', lr: 0, momentum: 0, nesterov: false }, fit });
  /** Pictures of one grey each: 0, 20, 40, … */
  const greys = (labels: readonly number[]) => ({ images: tf.tensor4d(labels.flatMap((_, i) => Array<number>(4).fill(20 * i)), [labels.length, 2, 2, 1]), labels: tf.tensor1d([...labels], 'int32') });

  /** The samples in the order in which they are trained on: each is an epoch, known by its loss, since nothing is learned. */
  async function order(labels: readonly number[], epochs: number, fit: ProgramSpec['fit']): Promise<number[]> {
    const code = await load(tiny({ ...fit, epochs, batch: 1, stepsPerEpoch: 1 }));
    const model = code.newModel(1);
    const samples = greys(labels);
    const losses = await Promise.all(labels.map(async (_, i) => (await code.evaluate(model, { images: tf.slice(samples.images, i, 1), labels: tf.slice(samples.labels, i, 1) })).loss));
    expect(new Set(losses.map((loss) => loss.toFixed(4))).size).toBe(labels.length);
    const history = await code.fit(model, samples, null);
    return history.map(({ loss }) => losses.findIndex((one) => Math.abs(one - loss) < 1e-6));
  }

  it('goes through all samples in a new order each time', async () => {
    const all = [0, 1, 2, 3, 4, 5, 6, 7];
    const seen = await order([0, 1, 2, 0, 1, 2, 0, 1], 24, {});
    const passes = [seen.slice(0, 8), seen.slice(8, 16), seen.slice(16)];
    for (const pass of passes) expect([...pass].sort()).toEqual(all);
    expect(new Set(passes.map(String)).size).toBe(3);
    expect(await order([0, 1, 2, 0, 1, 2, 0, 1], 10, { shuffle: false })).toEqual([...all, 0, 1]);
  });

  it('oversamples: as many of each class as the largest has, the rest drawn anew', async () => {
    const labels = [0, 0, 0, 0, 0, 1, 1, 1, 2];
    const seen = await order(labels, 30, { sampling: 'oversample', shuffle: false });
    const [first, second] = [seen.slice(0, 15), seen.slice(15)];
    for (const pass of [first, second]) {
      expect(pass.map((i) => labels[i])).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2]);
      expect(pass.slice(0, 8)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      expect(new Set(pass.slice(8, 10)).size).toBe(2);
    }
    expect(new Set((await order(labels, 45, { sampling: 'oversample' })).map((i, at) => `${Math.floor(at / 15)} ${i}`)).size).toBeGreaterThan(24);
  });

  it.each([true, false])('ends when the loss is no number, where asked to (%s)', async (stopOnNan) => {
    const code = await load(tiny({ epochs: 2, batch: 4, stopOnNan }));
    const { labels } = greys([0, 1]);
    const run = code.fit(code.newModel(1), { images: tf.fill([2, 2, 2, 1], NaN), labels }, null);
    await (stopOnNan ? expect(run).rejects.toThrow('epoch 1') : expect(run).resolves.toHaveLength(2));
  });
});

describe('models', () => {
  it('of one seed are one; their weights survive being files; a step leaks nothing', async () => {
    const code = await load(flowers(60, 2, 4));
    const values = (model: { variables: ReadonlyMap<string, Tfjs.Variable> }) => [...model.variables.values()].flatMap((v) => [...v.dataSync()]);
    const model = code.newModel(3);
    expect(values(code.newModel(3))).toEqual(values(model));
    expect(values(code.newModel(4))).not.toEqual(values(model));

    const images = tf.randomUniform([4, 60, 60, 3], 0, 255, 'int32', 5) as Tfjs.Tensor4D;
    const statistics = code.statisticsOf(images);
    const moments = tf.moments(tf.div(images, 255), [0, 1, 2]);
    statistics.mean.dataSync().forEach((value, i) => expect(value).toBeCloseTo(moments.mean.dataSync()[i], 5));
    statistics.std.dataSync().forEach((value, i) => expect(value).toBeCloseTo(Math.sqrt(moments.variance.dataSync()[i]), 5));

    const optimizer = code.newOptimizer(model);
    const random = code.seededRandom(0);
    const batch = { images, labels: tf.tensor1d([0, 1, 2, 3], 'int32') };
    tf.dispose(code.trainStep(model, optimizer, batch, { statistics, random }));
    const before = tf.memory().numTensors;
    tf.dispose(code.trainStep(model, optimizer, batch, { statistics, random }));
    const guesses = await code.classify(model, images, statistics, 2);
    expect(tf.memory().numTensors).toBe(before);
    expect(guesses).toHaveLength(4);
    for (const [first, second, third] of guesses) {
      expect(first.probability).toBeGreaterThanOrEqual(second.probability);
      expect(third).toBeUndefined();
    }

    const { manifest, data } = await code.writeWeights(model, statistics);
    const weights = code.readWeights(JSON.parse(JSON.stringify(manifest)), data);
    expect(values(code.modelWith(weights))).toEqual(values(model));
    expect([...code.statisticsWith(weights).std.dataSync()]).toEqual([...statistics.std.dataSync()]);
    expect(() => code.readWeights(manifest, data.slice(0, data.byteLength - 4))).toThrow();
    expect(() => code.readWeights(manifest, new ArrayBuffer(data.byteLength + 4))).toThrow('bytes');
    weights.delete('dense_1/kernel');
    expect(() => code.modelWith(weights)).toThrow('dense_1/kernel');
    weights.set('dense_1/kernel', tf.zeros([2, 2]));
    expect(() => code.modelWith(weights)).toThrow('[2,2]');
  }, 120_000);

  const std = (variance: number): number => Math.sqrt(variance);
  it.each<[Initializer, mean: number, deviation: number]>([
    [{ kind: 'glorot_uniform' }, 0, std(2 / (64 + 400))], [{ kind: 'glorot_normal' }, 0, std(2 / (64 + 400))], [{ kind: 'he_uniform' }, 0, std(2 / 64)], [{ kind: 'he_normal' }, 0, std(2 / 64)],
    [{ kind: 'lecun_uniform' }, 0, std(1 / 64)], [{ kind: 'lecun_normal' }, 0, std(1 / 64)], [{ kind: 'random_normal', mean: 1, stddev: 0.05 }, 1, 0.05],
    [{ kind: 'truncated_normal', mean: 0, stddev: 0.05 }, 0, 0.05 * 0.8796], [{ kind: 'random_uniform', low: -1, high: 3 }, 1, 4 / Math.sqrt(12)], [{ kind: 'constant', value: 2 }, 2, 0], [{ kind: 'ones' }, 1, 0], [{ kind: 'zeros' }, 0, 0],
  ])('begin with the distribution asked for: $kind', async (initializer, mean, deviation) => {
    const code = await load(program({ input: [8, 8, 1], network: [['flatten'], ['dense', { units: 400, kernel_initializer: initializer, bias_initializer: initializer }], ['dense', { units: 3 }], ['softmax']] }));
    const kernel = code.newModel(11).variables.get('dense_1/kernel')!;
    const moments = tf.moments(kernel);
    expect(Math.abs(moments.mean.dataSync()[0] - mean)).toBeLessThanOrEqual(0.03 * deviation);
    expect(Math.abs(Math.sqrt(moments.variance.dataSync()[0]) - deviation)).toBeLessThanOrEqual(0.03 * deviation);
  });
});
