/** Generated code beside the graph: steps of training, their metrics, weights, predictions, evaluation. */
import { expect } from 'vitest';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { numbersOf } from '../../../src/compiler/graph/metrics/finish.ts';
import { ndarray } from '../../../src/compiler/graph/ndarray.ts';
import { draws, Purpose } from '../../../src/compiler/graph/philox.ts';
import { weighsSamples } from '../../../src/compiler/model/program.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { drawnFeeds } from './draws.ts';
import type { DrawingCode } from './draws.ts';
import { isClasses, reference, uniformNumbers } from './reference.ts';
import type { Batch } from './reference.ts';

interface Model {
  variables: ReadonlyMap<string, Tfjs.Variable>;
}

/** The parts of generated code that these tests call; optional arguments depend on the program. */
export interface Module extends DrawingCode {
  modelWith(weights: ReadonlyMap<string, Tfjs.Tensor>): Model;
  newModel(seed?: number): Model;
  newOptimizer(model: unknown): { useAverages?(): void };
  trainStep(model: unknown, optimizer: unknown, batch: unknown, options?: unknown): { loss: Tfjs.Scalar; logits?: Tfjs.Tensor; outputs?: Tfjs.Tensor };
  newTally(): unknown;
  addBatch(tally: unknown, loss: Tfjs.Scalar, labels: Tfjs.Tensor | number, outputs?: Tfjs.Tensor): Promise<void>;
  measuresOf(tally: unknown): Record<string, number>;
  evaluate(model: unknown, samples: unknown, statistics?: unknown): Promise<Record<string, number>>;
  predict(model: unknown, images: Tfjs.Tensor4D, statistics?: unknown): Tfjs.Tensor2D;
}

const COUNT = 4;

export function batchOf(p: Program, number: number, count = COUNT): Batch {
  const random = draws(99, Purpose.synthetic, number);
  const size = p.input.reduce((a, b) => a * b, 1);
  const width = p.labels.kind === 'binary' ? 1 : p.labels.count;
  const labels = isClasses(p)
    ? Int32Array.from({ length: count }, () => random.below(p.labels.count))
    : Float32Array.from({ length: count * width }, () => (p.labels.kind === 'values' ? random.uniform() * 2 : random.below(2)));
  return { images: Uint8Array.from({ length: count * size }, () => random.below(256)), labels, count };
}

/** Pictures and labels as generated code takes them. */
export const samplesOf = (tf: typeof Tfjs, p: Program, { images, labels, count }: Batch) => ({
  images: tf.tensor4d(Int32Array.from(images), [count, p.input[0], p.input[1], p.input[2]], 'int32'),
  labels: tf.tensor(labels, isClasses(p) ? [count] : [count, labels.length / count]),
});

export const close = (got: ArrayLike<number>, wanted: ArrayLike<number>, what: string, tolerance = 1e-4): void => {
  expect(got.length, what).toBe(wanted.length);
  for (let i = 0; i < got.length; i++) if (!(Math.abs(got[i] - wanted[i]) <= tolerance * Math.max(1, Math.abs(wanted[i])))) expect.fail(`${what}[${i}]: ${got[i]}, not ${wanted[i]}`);
};

/** Near the identity. */
const matrixOf = (size: number): Float32Array => {
  const random = draws(98, Purpose.synthetic);
  return Float32Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0) + 0.1 * (random.uniform() - 0.5));
};

export async function expectAgreement(tf: typeof Tfjs, p: Program, code: Module, steps: number): Promise<void> {
  const statistics: Record<string, Float32Array> = {
    ...(p.preprocess.featurewiseCenter ? { 'preprocess/mean': Float32Array.from([0.4, 0.5, 0.45].slice(0, p.input[2])) } : {}),
    ...(p.preprocess.featurewiseStd ? { 'preprocess/std': Float32Array.from([0.2, 0.25, 0.3].slice(0, p.input[2])) } : {}),
    ...(p.preprocess.zca ? { 'preprocess/zca': matrixOf(p.input.reduce((a, b) => a * b, 1)) } : {}),
  };
  const graph = reference(p, statistics);
  const model = code.modelWith(new Map([...graph.weights()].map(([name, { shape, data }]) => [name, tf.tensor(Float32Array.from(data), [...shape])])));
  expect([...model.variables.keys()]).toEqual([...graph.weights().keys()]);
  const zca = statistics['preprocess/zca'];
  const stats = { mean: statistics['preprocess/mean'] && tf.tensor1d(statistics['preprocess/mean']), std: statistics['preprocess/std'] && tf.tensor1d(statistics['preprocess/std']), zca: zca && tf.tensor2d(zca, [Math.sqrt(zca.length), Math.sqrt(zca.length)]) };
  const optimizer = code.newOptimizer(model);
  const tally = code.newTally();
  let sums: number[] = [];

  for (let step = 1; step <= steps; step++) {
    const batch = batchOf(p, step);
    const others = p.augment.mix ? batchOf(p, 1000 + step) : null;
    const weights = weighsSamples(p) ? Float32Array.from({ length: COUNT }, (_, i) => 0.5 + ((i + step) % 3)) : null;
    const uniforms = uniformNumbers(p, step);
    // The graph is given what the printed code draws.
    const random = { number: draws(5, Purpose.augment, step).uniform, tensor: (shape: number[]) => tf.tensor(uniforms(shape.reduce((a, b) => a * b, 1)), shape) };
    const fed = drawnFeeds(p, code, { number: draws(5, Purpose.augment, step).uniform }, COUNT);
    const wanted = graph.train(batch, step, others, { ...fed, ...(weights ? { weights: ndarray([COUNT], weights) } : {}) });
    const given = samplesOf(tf, p, batch);
    const made = code.trainStep(
      model, optimizer, { ...given, ...(others ? { others: samplesOf(tf, p, others) } : {}), ...(weights ? { weights: tf.tensor1d(weights) } : {}) }, { statistics: stats, random },
    );
    close([made.loss.dataSync()[0]], [wanted[0] / COUNT], `loss of step ${step}`);
    await (p.compile.metrics.length > 0 ? code.addBatch(tally, made.loss, given.labels, made.logits ?? made.outputs) : code.addBatch(tally, made.loss, COUNT));
    sums = Array.from(wanted, (value, i) => value + (sums[i] ?? 0));
    if (step === 1 || step === steps) for (const [name, { data }] of graph.weights()) close(model.variables.get(name)!.dataSync(), data, `${name} after step ${step}`);
  }
  const names = ['loss', ...p.compile.metrics.map(({ name }) => name)];
  const trained = code.measuresOf(tally);
  expect(Object.keys(trained)).toEqual(names);
  close(Object.values(trained), Object.values(numbersOf(p, sums, steps * COUNT)), `${names} of training`);

  const batch = batchOf(p, 0);
  const given = samplesOf(tf, p, batch);
  close(code.predict(model, given.images, stats).dataSync(), graph.predict(batch), 'predictions');
  const measures = await code.evaluate(model, given, stats);
  expect(Object.keys(measures)).toEqual(names);
  close(Object.values(measures), Object.values(numbersOf(p, graph.evaluate(batch), COUNT)), `${names} measured`);

  if (!p.compile.around.ema) return;
  optimizer.useAverages!();
  for (const { name, trainable } of p.layers.flatMap((layer) => layer.variables)) if (trainable) close(model.variables.get(name)!.dataSync(), graph.variables.get(`ema/${name}`)!.data, `average of ${name}`);
}
