/**
 * Every example on both engines, ten steps from one seed: losses, the first step's gradients, weights, predictions. (Random programs:
 * test/fuzz.)
 */
import { rateAt } from '../../../../src/compiler/graph/schedule.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../../src/compiler/compile.ts';
import { initialSlots, initialWeights } from '../../../../src/compiler/graph/initial.ts';
import { draws, Purpose } from '../../../../src/compiler/graph/philox.ts';
import { buildGradients, buildTraining } from '../../../../src/compiler/graph/training.ts';
import type { DataFacts } from '../../../../src/compiler/model/program.ts';
import { drawSample } from '../../../../src/runtime/data/sources/synthetic.ts';
import { openEngine } from '../../../../src/runtime/engine/choose.ts';
import type { Engine, Tensor, Tensors } from '../../../../src/runtime/engine/engine.ts';
import { openOnnx } from '../../../../src/runtime/engine/onnx/engine.ts';
import { findOnnxRuntime } from '../../../../src/runtime/engine/onnx/locate.ts';
import { engineAvailable, onnxAvailable } from '../../../support/engine.ts';

const STEPS = 10;
const root = join(import.meta.dirname, '../../../../examples');
/** Programs with data; the zoo has none. */
const examples = readdirSync(root).filter((folder) => folder !== 'zoo').flatMap((folder) => readdirSync(join(root, folder)).filter((file) => file.endsWith('.cnn')).map((file) => join(folder, file)));

/** What the example's data would say; the pictures themselves are made up. */
function factsOf(text: string): DataFacts {
  const digits = text.includes('idx ');
  const size = /image (\d+)x(\d+)/.exec(text);
  return {
    labelKind: digits ? 'sparse' : 'categorical', classes: Array.from({ length: digits ? 10 : 4 }, (_, i) => `c${i}`),
    sampleShape: digits ? [28, 28, 1] : size ? [Number(size[1]), Number(size[2]), 3] : null, pixelType: 'uint8', count: 4000, perClass: [], parts: { test: false, validation: false },
  };
}

const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => Math.sqrt(Array.from(a).reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0));
const relative = (a: ArrayLike<number>, b: ArrayLike<number>, floor = 0): number => distance(a, b) / Math.max(distance(b, new Float32Array(b.length)), floor, 1e-6);

/** The example's graph, its weights at the beginning, and batches by step. */
function prepared(path: string) {
  const text = readFileSync(join(root, path), 'utf8');
  const facts = factsOf(text);
  const { program } = compile(text, { path, facts });
  if (!program) throw new Error(`${path} does not compile`);
  const graph = { ...buildTraining(program), evaluate: { ...buildGradients(program), name: 'evaluate' as const } };
  const shapes = new Map(graph.variables.map(({ name, type }) => [name, type.shape]));
  const values = { ...initialWeights(program, 7), ...initialSlots(graph), 'preprocess/mean': Float32Array.of(0.4, 0.5, 0.6), 'preprocess/std': Float32Array.of(0.2, 0.3, 0.25) };
  const start = Object.fromEntries(
    Object.entries(values).filter(([name]) => shapes.has(name)).map(([name, data]): [string, Tensor] => [name, { dtype: 'float32', shape: shapes.get(name)!, data }]),
  );
  const warps = graph.train.inputs.some(({ node }) => node.label === 'transforms');
  const feeds = (step: number): Tensors => {
    const random = draws(5, Purpose.synthetic, step);
    // The last batch of an epoch is short.
    const batch = step % 5 === 0 || program.input[0] > 100 ? 3 : 8;
    const kinds = Int32Array.from({ length: batch }, () => random.below(facts.classes.length));
    // Shapes with grain: what can be learnt is well-conditioned, and no two neighbours are so alike that rounding decides which of them a pool takes.
    const [height, width, channels] = program.input;
    const pixels = new Uint8Array(batch * height * width * channels);
    const source = { kind: 'synthetic', count: 4000, classes: 8, seed: 11, noise: 0.3, origin: { file: '', start: 0, end: 0 } } as const;
    const plan = { height, width, channels: channels as 1 | 3, resize: 'stretch', interpolation: 'bilinear', exif: false } as const;
    kinds.forEach((kind, i) => drawSample(source, plan, 8 * (step * 8 + i) + (kind % 8), pixels, i * height * width * channels));
    const turned = (): number[] => [0.97, -0.2 * random.uniform(), 3 * random.uniform(), 0.2 * random.uniform(), 0.97, -2 * random.uniform(), 0, 0];
    return {
      x: { dtype: 'uint8', shape: [batch, ...program.input], data: pixels },
      y: { dtype: 'int32', shape: [batch], data: kinds },
      ...(warps ? { transforms: { dtype: 'float32', shape: [batch, 8], data: Float32Array.from(Array.from(kinds, turned).flat()) } satisfies Tensor } : {}),
      key: { dtype: 'int32', shape: [2], data: Int32Array.of(3, 4) },
      step: { dtype: 'int32', shape: [], data: Int32Array.of(step) },
      lr: { dtype: 'float32', shape: [], data: Float32Array.of(rateAt(program.compile.optimizer.lr, step - 1)) },
    };
  };
  return { graph, start, feeds, weights: Object.keys(initialWeights(program, 7)) };
}

async function traceOf(engine: Engine, { graph, start, feeds, weights }: ReturnType<typeof prepared>) {
  await engine.load(graph);
  await engine.restore(start);
  const gradients = await engine.run('evaluate', feeds(1));
  const losses: number[] = [];
  for (let step = 1; step <= STEPS; step++) {
    const given = feeds(step);
    losses.push((await engine.run('train', given)).sums.data[0] / given.x.shape[0]);
  }
  return { gradients, losses, state: await engine.state(weights) };
}

describe.skipIf(!engineAvailable() || !onnxAvailable())('examples on both engines', () => {
  let engines: readonly Engine[];
  beforeAll(async () => {
    engines = await Promise.all([openEngine({ engine: 'tensorflow', threads: 2 }), openOnnx({ runtimePath: findOnnxRuntime()!, threads: 2 })]);
  });
  afterAll(() => Promise.all(engines?.map((engine) => engine.close()) ?? []));

  it.each(examples)('%s', async (path) => {
    const example = prepared(path);
    const [wanted, got] = [await traceOf(engines[0], example), await traceOf(engines[1], example)];
    for (const [name, value] of Object.entries(wanted.gradients)) expect(relative(got.gradients[name].data, value.data), name).toBeLessThan(1e-5);
    wanted.losses.forEach((loss, i) => expect(Math.abs(got.losses[i] - loss) / loss, `loss of step ${i + 1}`).toBeLessThan(1e-4));
    // Biases begin at zero, and are then as large as Adam's steps of .001 make them.
    for (const [name, { data }] of Object.entries(wanted.state)) expect(relative(got.state[name].data, data, 0.001 * STEPS * Math.sqrt(data.length)), name).toBeLessThan(1e-3);

    // One trained network, read from one engine, on both.
    await engines[1].restore(wanted.state);
    const [a, b] = await Promise.all(engines.map(async (engine) => (await engine.run('predict', { x: example.feeds(1).x })).y.data));
    expect(Math.max(...Array.from(a, (v, i) => Math.abs(v - b[i])))).toBeLessThan(1e-5);
  }, 120_000);
});
