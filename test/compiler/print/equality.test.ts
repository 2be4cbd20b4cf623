/** Generated code trains and predicts as the graph does, within 1e-4. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as Tfjs from '@tensorflow/tfjs-core';
import { draws, Purpose } from '../../../src/compiler/graph/philox.ts';
import type { Program } from '../../../src/compiler/model/program.ts';
import { generate, tfjs } from './generated.ts';
import type { Generated } from './generated.ts';
import { adam, alternating, flowers, program } from './programs.ts';
import { dropoutNumbers, reference } from './reference.ts';
import type { Batch } from './reference.ts';

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

const binary = { kind: 'binary_crossentropy', from_logits: false, label_smoothing: 0 } as const;
const binaryAccuracy = { kind: 'accuracy', name: 'accuracy', form: 'binary', threshold: 0.5 } as const;
const small = [['conv', { filters: 3 }], ['relu'], ['pool'], ['flatten'], ['dense', { units: 3 }], ['softmax']] as const;

const programs: Record<string, Program> = {
  'repeat, augmentation, statistics, adam': flowers(60, 3, 6),
  'alternating cells, batch norm, sparse labels': alternating(9),
  'MNIST-like with batch norm, two dropouts': program({
    input: [12, 12, 1],
    network: [
      ['conv', { filters: 4 }], ['batch_norm', { momentum: 0.9, epsilon: 0.01 }], ['relu'], ['conv', { filters: 5, bias: false }], ['batch_norm', { scale: false }], ['relu'], ['pool'], ['dropout'],
      ['flatten'], ['dense', { units: 8, kernel_initializer: { kind: 'he_normal' } }], ['batch_norm', { center: false }], ['relu'], ['dropout', { rate: 0.3, bits: 16, threshold: 19661, keep: 1 - 19661 / 65536 }],
      ['dense', { units: 3 }], ['softmax'],
    ],
    metrics: [{ kind: 'accuracy', name: 'accuracy', form: 'categorical', threshold: 0.5 }, { kind: 'top_k', name: 'top_k', k: 2 }],
  }),
  'binary head, sgd with momentum, label smoothing': program({
    input: [8, 8, 1], labels: { kind: 'binary', count: 1, names: ['no', 'yes'] }, loss: { ...binary, label_smoothing: 0.1 }, metrics: [binaryAccuracy],
    optimizer: { kind: 'sgd', lr: 0.05, momentum: 0.9, nesterov: false },
    network: [['conv', { filters: 3, activation: 'tanh' }], ['avg_pool', { padding: 'same' }], ['global_pool'], ['dense', { units: 1, activation: 'sigmoid' }]],
  }),
  'multi-label, nesterov, bare logits': program({
    input: [8, 8, 3], labels: { kind: 'multilabel', count: 2, names: null }, loss: { ...binary, from_logits: true }, metrics: [{ ...binaryAccuracy, threshold: 0.25 }],
    optimizer: { kind: 'sgd', lr: 0.05, momentum: 0.5, nesterov: true }, preprocess: { samplewiseCenter: true, samplewiseStd: true },
    network: [['conv', { filters: 3, dilation: [2, 2] }], ['selu'], ['pool', { size: [3, 3], stride: [2, 2], padding: 'same' }], ['flatten'], ['dense', { units: 2 }]],
  }),
  'values, mse, rmsprop': program({
    input: [7, 9, 1], labels: { kind: 'values', count: 2, names: null }, loss: { kind: 'mse' }, metrics: [{ kind: 'mae', name: 'mae' }],
    optimizer: { kind: 'rmsprop', lr: 0.01, rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false }, preprocess: { scale: 1 / 127.5, offset: -1 },
    network: [['conv', { filters: 4, size: [2, 3], stride: [2, 1], padding: 'same' }], ['elu', { alpha: 0.5 }], ['conv', { filters: 3 }], ['gelu'], ['flatten'], ['dense', { units: 2 }]],
  }),
  'centered rmsprop with momentum, given mean and std': program({
    input: [8, 8, 3], network: small, preprocess: { scale: 1 / 255, meanStd: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } },
    optimizer: { kind: 'rmsprop', lr: 0.01, rho: 0.9, momentum: 0.9, epsilon: 1e-4, centered: true },
  }),
  'categorical with label smoothing, plain sgd': program({ input: [8, 8, 1], network: small, loss: { kind: 'categorical_crossentropy', from_logits: false, label_smoothing: 0.1 }, optimizer: { kind: 'sgd', lr: 0.1, momentum: 0, nesterov: false } }),
  'categorical over a sigmoid head': program({ input: [8, 8, 1], network: [...small.slice(0, -1), ['sigmoid']], optimizer: adam }),
  'sparse over probabilities of another kind': program({
    input: [8, 8, 1], network: [...small.slice(0, -1), ['softplus']], labels: { kind: 'sparse', count: 3, names: null }, loss: { kind: 'sparse_categorical_crossentropy', from_logits: false, label_smoothing: 0 },
  }),
  'softmax from bare logits': program({ input: [8, 8, 1], network: small.slice(0, -1), loss: { kind: 'categorical_crossentropy', from_logits: true, label_smoothing: 0 } }),
  'mse over a softmax head': program({ input: [8, 8, 1], network: small, loss: { kind: 'mse' }, metrics: [{ kind: 'mse', name: 'mse' }] }),
  'a repeat of dense layers, an uneven repeat, a head inside a repeat': program({
    input: [8, 8, 1],
    network: [
      { repeat: 3, cells: [[['conv', { filters: 2, padding: 'same' }], { repeat: 2, cells: [[['relu6'], ['conv', { filters: 2, padding: 'same' }]]] }], [['silu']]] },
      ['flatten'],
      { repeat: 2, cells: [[['dense', { units: 6 }], ['hard_sigmoid'], ['leaky_relu']]] },
      { repeat: 2, cells: [[['dense', { units: 3 }], ['softmax']]] },
    ],
  }),
  'a repeat without variables': program({ input: [16, 16, 1], network: [{ repeat: 2, cells: [[['pool'], ['softsign']]] }, ['flatten'], ['dense', { units: 3 }], ['softmax']] }),
};

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
  it.each(Object.entries(programs))('%s', async (_, p) => {
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
