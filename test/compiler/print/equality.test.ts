/** Generated code trains and predicts as the graph does, within 1e-4. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { draws, Purpose } from '../../../src/compiler/graph/philox.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { composed } from './composed.ts';
import { generate, tfjs } from './generated.ts';
import type { Generated } from './generated.ts';
import { programs } from './programs.ts';
import { dropoutNumbers, reference } from './reference.ts';
import type { Batch } from './reference.ts';
import { worded } from './worded.ts';
import { layers } from './layered.ts';

/** The parts of generated code that these tests call; optional arguments depend on the program. */
interface Module {
  modelWith(weights: ReadonlyMap<string, Tfjs.Tensor>): { variables: ReadonlyMap<string, Tfjs.Variable> };
  newModel(seed?: number): { variables: ReadonlyMap<string, Tfjs.Variable> };
  newOptimizer(model: unknown): unknown;
  trainStep(model: unknown, optimizer: unknown, batch: unknown, options?: unknown): Tfjs.Scalar;
  evaluate(model: unknown, batch: unknown, statistics?: unknown): Promise<Record<string, number>>;
  predict(model: unknown, images: Tfjs.Tensor4D, statistics?: unknown): Tfjs.Tensor2D;
  randomWarp?(random: { number(): number }): unknown;
  matrixOf?(warp: unknown): number[];
}

let tf: typeof Tfjs;
const made: Generated[] = [];
beforeAll(async () => {
  tf = await tfjs();
});
afterAll(() => Promise.all(made.map((generated) => generated.remove())));

const COUNT = 4;

function batchOf(p: Program, number: number): Batch {
  const random = draws(99, Purpose.synthetic, number);
  const size = p.input.reduce((a, b) => a * b, 1);
  const width = p.labels.kind === 'binary' ? 1 : p.labels.count;
  const labels = p.labels.kind === 'categorical' || p.labels.kind === 'sparse'
    ? Int32Array.from({ length: COUNT }, () => random.below(p.labels.count))
    : Float32Array.from({ length: COUNT * width }, () => (p.labels.kind === 'values' ? random.uniform() * 2 : random.below(2)));
  return { images: Uint8Array.from({ length: COUNT * size }, () => random.below(256)), labels, count: COUNT };
}

const close = (got: ArrayLike<number>, wanted: ArrayLike<number>, what: string): void => {
  expect(got.length, what).toBe(wanted.length);
  for (let i = 0; i < got.length; i++) if (!(Math.abs(got[i] - wanted[i]) <= 1e-4)) expect.fail(`${what}[${i}]: ${got[i]}, not ${wanted[i]}`);
};

describe('the first three steps and predictions', () => {
  it.each(Object.entries({ ...programs, ...composed, ...worded, ...layers }))('%s', async (_, p) => {
    const generated = await generate(p);
    made.push(generated);
    const code = (await generated.load()) as Module;
    const statistics: Record<string, Float32Array> = {
      ...(p.preprocess.featurewiseCenter ? { 'preprocess/mean': Float32Array.from([0.4, 0.5, 0.45]) } : {}),
      ...(p.preprocess.featurewiseStd ? { 'preprocess/std': Float32Array.from([0.2, 0.25, 0.3]) } : {}),
    };
    const graph = reference(p, statistics);
    const model = code.modelWith(new Map([...graph.weights()].map(([name, { shape, data }]) => [name, tf.tensor(Float32Array.from(data), [...shape])])));
    expect([...model.variables.keys()]).toEqual([...graph.weights().keys()]);

    const stats = { mean: statistics['preprocess/mean'] && tf.tensor1d(statistics['preprocess/mean']), std: statistics['preprocess/std'] && tf.tensor1d(statistics['preprocess/std']) };
    const optimizer = code.newOptimizer(model);
    const classes = p.labels.kind === 'categorical' || p.labels.kind === 'sparse';
    const tensorsOf = ({ images, labels }: Batch) => ({
      images: tf.tensor4d(Int32Array.from(images), [COUNT, p.input[0], p.input[1], p.input[2]], 'int32'),
      labels: tf.tensor(labels, classes ? [COUNT] : [COUNT, labels.length / COUNT]),
    });

    for (let step = 1; step <= 3; step++) {
      const batch = batchOf(p, step);
      const uniforms = dropoutNumbers(p, step);
      // The graph is given the warps that the printed code draws.
      const printed = { number: draws(5, Purpose.augment, step).uniform, tensor: (shape: number[]) => tf.tensor(uniforms(shape.reduce((a, b) => a * b, 1)), shape) };
      const replay = { number: draws(5, Purpose.augment, step).uniform };
      const transforms = code.randomWarp ? Array.from({ length: COUNT }, () => code.matrixOf!(code.randomWarp!(replay))).flat() : [];
      const wanted = graph.train({ ...batch, transforms: Float32Array.from(transforms) }, step);
      const loss = code.trainStep(model, optimizer, tensorsOf(batch), { statistics: stats, random: printed });
      close([loss.dataSync()[0]], [wanted[0] / COUNT], `loss of step ${step}`);
      for (const [name, { data }] of graph.weights()) close(model.variables.get(name)!.dataSync(), data, `${name} after step ${step}`);
    }

    const batch = batchOf(p, 0);
    close(code.predict(model, tensorsOf(batch).images, stats).dataSync(), graph.predict(batch), 'predictions');
    const measures = await code.evaluate(model, tensorsOf(batch), stats);
    expect(Object.keys(measures)).toEqual(['loss', ...p.compile.metrics.map(({ name }) => name)]);
    close(Object.values(measures), [...graph.evaluate(batch)].map((sum) => sum / COUNT), 'measures');
  });
});
