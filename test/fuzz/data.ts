/** Pictures, labels, weights and statistics for a random program: a function of the case's seed alone. */
import { rateAt } from '../../src/compiler/graph/schedule.ts';
import { drawColours } from '../../src/runtime/augment/colours.ts';
import { drawMix } from '../../src/runtime/augment/mix.ts';
import { drawTransforms } from '../../src/runtime/augment/transforms.ts';
import { initialSlots, initialWeights } from '../../src/compiler/graph/initial.ts';
import { draws, keyOf, Purpose, type Draws } from '../../src/compiler/graph/philox.ts';
import { preprocessForStatistics } from '../../src/compiler/graph/preprocess.ts';
import { colourWidth, mixWidth } from '../../src/compiler/model/program.ts';
import { buildTraining, variablesOf } from '../../src/compiler/graph/training.ts';
import type { GraphFunction, TrainingGraph } from '../../src/compiler/graph/types.ts';
import type { Tensor, Tensors } from '../../src/runtime/engine/engine.ts';
import type { FuzzCase } from './generate.ts';

export interface FuzzData {
  readonly graph: TrainingGraph;
  /** Weights, slots and statistics before the first step. */
  readonly start: Tensors;
  /** All pictures, one after another in `batches`. */
  readonly x: Tensor;
  readonly y: Tensor;
  /** Of each picture in the loss, where the program weighs them. */
  readonly weights: Tensor;
  /** First and last row (exclusive) of each step of an epoch; the last one is short. */
  readonly batches: readonly (readonly [from: number, to: number])[];
  /** Feeds of training step 1, 2, …, as far as the function wants them. */
  readonly feeds: (step: number, fn: GraphFunction) => Tensors;
}

export function dataOf({ program, facts, seed, last }: FuzzCase): FuzzData {
  const pixels = facts.pixelType;
  const graph = buildTraining(program, { pixels });
  const random = draws(seed, Purpose.synthetic, 1);
  const { batch } = program.fit;
  const count = 2 * batch + last;
  const batches = [[0, batch], [batch, 2 * batch], [2 * batch, count]] as const;
  const x = picturesOf(program.input, count, pixels, random);
  const y = labelsOf(program.labels, count, random);
  const weights: Tensor = { dtype: 'float32', shape: [count], data: Float32Array.from({ length: count }, () => 2 * random.uniform()) };
  const start = { ...weightsOf(program, seed), ...slotsOf(graph), ...statisticsOf(program, x) };
  const size = program.input as [number, number, number];
  /** What is drawn for each of some samples in an epoch. */
  const changed = (samples: readonly number[], width: number, draw: typeof drawTransforms, epoch: number): Tensor => {
    const data = new Float32Array(samples.length * width);
    draw(program.augment, size, seed, epoch, samples, data);
    return { dtype: 'float32', shape: [samples.length, width], data };
  };
  const feeds = (step: number, fn: GraphFunction): Tensors => {
    const epoch = Math.floor((step - 1) / batches.length);
    const [from, to] = batches[(step - 1) % batches.length];
    const own = Array.from({ length: to - from }, (_, i) => from + i);
    const mix: Tensor = { dtype: 'float32', shape: [own.length, mixWidth(program.augment)], data: new Float32Array(own.length * mixWidth(program.augment)) };
    const others = drawMix(program.augment, size, seed, epoch, own, Array.from({ length: count }, (_, i) => i), mix.data as Float32Array);
    const all: Record<string, () => Tensor> = {
      x: () => rowsOf(x, from, to),
      y: () => rowsOf(y, from, to),
      weights: () => rowsOf(weights, from, to),
      key: () => ({ dtype: 'int32', shape: [2], data: Int32Array.from(keyOf(seed, Purpose.dropout)) }),
      step: () => ({ dtype: 'int32', shape: [], data: Int32Array.of(step) }),
      lr: () => ({ dtype: 'float32', shape: [], data: Float32Array.of(rateAt(program.compile.optimizer.lr, step - 1)) }),
      transforms: () => changed(own, 8, drawTransforms, epoch),
      colours: () => changed(own, colourWidth(program.augment), drawColours, epoch),
      mix: () => mix,
      x2: () => picked(x, others),
      y2: () => picked(y, others),
      transforms2: () => changed(others, 8, drawTransforms, epoch),
      colours2: () => changed(others, colourWidth(program.augment), drawColours, epoch),
    };
    return Object.fromEntries(inputNames(fn).map((name) => [name, (all[name] ?? unknown(name))()]));
  };
  return { graph, start, x, y, weights, batches, feeds };
}

export const inputNames = (fn: GraphFunction): readonly string[] => fn.inputs.map(({ node }) => ('name' in node.attrs ? String(node.attrs.name) : ''));

const unknown = (name: string) => (): never => {
  throw new Error(`the fuzzer has no value for the input ${name}: add it to test/fuzz/data.ts`);
};

/** Rows from…to (exclusive) of the first axis. */
export function rowsOf({ dtype, shape, data }: Tensor, from: number, to: number): Tensor {
  const size = data.length / shape[0];
  return { dtype, shape: [to - from, ...shape.slice(1)], data: data.slice(from * size, to * size) };
}

/** Some rows, in the order asked for. */
function picked({ dtype, shape, data }: Tensor, rows: readonly number[]): Tensor {
  const size = data.length / shape[0];
  const all = data.slice(0, rows.length * size);
  rows.forEach((row, i) => all.set(data.subarray(row * size, (row + 1) * size), i * size));
  return { dtype, shape: [rows.length, ...shape.slice(1)], data: all };
}

function picturesOf(shape: readonly number[], count: number, dtype: 'uint8' | 'float32', random: Draws): Tensor {
  const size = count * sizeOf(shape);
  const data = dtype === 'uint8' ? Uint8Array.from({ length: size }, () => random.below(256)) : Float32Array.from({ length: size }, () => 2 * random.uniform() - 1);
  return { dtype, shape: [count, ...shape], data };
}

function labelsOf({ kind, count: width }: FuzzCase['program']['labels'], count: number, random: Draws): Tensor {
  if (kind === 'categorical' || kind === 'sparse') return { dtype: 'int32', shape: [count], data: Int32Array.from({ length: count }, () => random.below(width)) };
  const row = kind === 'binary' ? 1 : width;
  const value = kind === 'values' ? () => 2 * random.uniform() - 1 : () => random.below(2);
  return { dtype: 'float32', shape: [count, row], data: Float32Array.from({ length: count * row }, value) };
}

/** The program's own initial weights, moved a little: no two filters are equal, no bias is 0 and no scale 1. A variance stays above 0. */
function weightsOf(program: FuzzCase['program'], seed: number): Record<string, Tensor> {
  const weights = initialWeights(program, seed);
  const random = draws(seed, Purpose.synthetic, 2);
  return Object.fromEntries(
    program.layers.flatMap((layer) => layer.variables).map(({ name, shape }) => [name, { dtype: 'float32', shape, data: weights[name].map((w) => w + 0.2 * random.uniform() - (w === 1 || name.endsWith('/moving_variance') ? 0 : 0.1)) }]),
  );
}

const slotsOf = (graph: TrainingGraph): Record<string, Tensor> => {
  const shapes = new Map(graph.variables.map(({ name, type }) => [name, type.shape]));
  return Object.fromEntries(Object.entries(initialSlots(graph)).map(([name, data]) => [name, { dtype: 'float32' as const, shape: shapes.get(name)!, data }]));
};

/** Mean and deviation of each channel over all pictures, as a run takes them over its training part. */
function statisticsOf(program: FuzzCase['program'], { shape, data }: Tensor): Record<string, Tensor> {
  const channels = shape[3];
  const size = sizeOf(shape.slice(1));
  const all = new Float64Array(data.length);
  for (let at = 0; at < data.length; at += size) preprocessForStatistics(program.preprocess, (data as Float32Array).subarray(at, at + size), channels, all.subarray(at, at + size));
  const ofChannel = (channel: number): Float64Array => all.filter((_, i) => i % channels === channel);
  const mean = (values: Float64Array): number => values.reduce((a, b) => a + b, 0) / values.length;
  const means = Array.from({ length: channels }, (_, c) => mean(ofChannel(c)));
  const deviations = means.map((m, c) => Math.sqrt(mean(ofChannel(c).map((v) => (v - m) ** 2))));
  // Any matrix will do; one near the unit matrix keeps pixels in the range they had.
  const random = draws(size, Purpose.synthetic, 3);
  const whitening = program.preprocess.zca ? Array.from({ length: size * size }, (_, i) => (i % (size + 1) === 0 ? 1 : 0) + (random.uniform() - 0.5) / size) : [];
  const values: Record<string, number[]> = { 'preprocess/mean': means, 'preprocess/std': deviations, 'preprocess/zca': whitening };
  return Object.fromEntries(
    variablesOf(program)
      .filter((variable) => variable.role === 'statistic')
      .map(({ name, type }) => [name, { dtype: 'float32', shape: type.shape, data: Float32Array.from(values[name]) }]),
  );
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
