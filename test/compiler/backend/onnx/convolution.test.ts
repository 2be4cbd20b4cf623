/** Convolutions of many channels, where the blocked kernels serve, and every form of the filter's gradient, beside the interpreter. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toOnnx } from '../../../../src/compiler/backend/onnx/model.ts';
import { decodeModel } from '../../../../src/compiler/backend/onnx/messages.ts';
import { builder } from '../../../../src/compiler/graph/build.ts';
import { interpret } from '../../../../src/compiler/graph/interpret.ts';
import { ndarray } from '../../../../src/compiler/graph/ndarray.ts';
import type { NDArray } from '../../../../src/compiler/graph/ndarray.ts';
import { draws, Purpose } from '../../../../src/compiler/graph/philox.ts';
import type { ConvAttrs, GraphFunction, TrainingGraph } from '../../../../src/compiler/graph/types.ts';
import type { Engine } from '../../../../src/runtime/engine/engine.ts';
import { openOnnx } from '../../../../src/runtime/engine/onnx/engine.ts';
import { findOnnxRuntime } from '../../../../src/runtime/engine/onnx/locate.ts';
import { onnxAvailable } from '../../../support/engine.ts';

interface Case {
  /** [N,H,W,C] */
  readonly image: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly attrs: ConvAttrs;
}

const attrs = (padding: 'same' | 'valid', stride: readonly [number, number] = [1, 1], dilation: readonly [number, number] = [1, 1]): ConvAttrs => ({ padding, stride, dilation });
const cases: readonly Case[] = [
  { image: [2, 9, 8, 16], filter: [3, 3, 16, 16], attrs: attrs('valid') },
  { image: [2, 9, 8, 16], filter: [3, 2, 16, 32], attrs: attrs('same') },
  { image: [2, 7, 7, 32], filter: [5, 5, 32, 16], attrs: attrs('valid') },
  { image: [2, 8, 11, 16], filter: [5, 4, 16, 16], attrs: attrs('same') },
  { image: [2, 12, 11, 16], filter: [3, 3, 16, 16], attrs: attrs('same', [1, 1], [2, 3]) },
  { image: [2, 9, 10, 16], filter: [3, 3, 16, 32], attrs: attrs('same', [2, 1]) },
  { image: [2, 10, 9, 32], filter: [2, 3, 32, 16], attrs: attrs('valid', [1, 2]) },
  { image: [2, 6, 5, 16], filter: [1, 1, 16, 48], attrs: attrs('valid') },
  { image: [2, 7, 5, 16], filter: [1, 1, 16, 16], attrs: attrs('same', [2, 2]) },
  { image: [2, 7, 6, 16], filter: [1, 3, 16, 16], attrs: attrs('valid') },
  { image: [2, 7, 6, 16], filter: [3, 1, 16, 16], attrs: attrs('same') },
  { image: [2, 30, 30, 3], filter: [5, 5, 3, 16], attrs: attrs('valid') },
  { image: [3, 20, 20, 4], filter: [7, 7, 4, 2], attrs: attrs('same') },
  { image: [2, 9, 4, 16], filter: [3, 3, 16, 2], attrs: attrs('same', [1, 1], [1, 5]) },
  { image: [2, 9, 4, 16], filter: [3, 3, 16, 2], attrs: attrs('same', [1, 1], [5, 3]) },
  { image: [2, 9, 3, 16], filter: [3, 5, 16, 2], attrs: attrs('same') },
];

function functionOf({ image: [n, ...size], filter, attrs: conv }: Case) {
  const g = builder();
  const random = draws(11, Purpose.synthetic);
  const feeds: Record<string, NDArray> = {};
  const input = (name: string, shape: readonly number[]) => {
    const real = shape.map((d) => (d < 0 ? n : d));
    feeds[name] = ndarray(real, Float64Array.from({ length: real.reduce((a, b) => a * b, 1) }, () => Math.fround(random.uniform() - 0.5)));
    return g.input(name, { dtype: 'float32', shape });
  };
  const [x, w] = [input('x', [-1, ...size]), input('w', filter)];
  const y = g.conv2d(x, w, conv);
  const dy = input('dy', [-1, ...y.shape.slice(1)]);
  const outputs = { y, dx: g.conv2dInputGrad(dy, w, x, conv), dw: g.conv2dFilterGrad(x, dy, { ...conv, filterShape: filter }) };
  const predict: GraphFunction = { name: 'predict', inputs: [x, w, dy], outputs, updates: [] };
  return { predict, feeds };
}

const graphOf = (predict: GraphFunction): TrainingGraph => {
  const empty = (name: GraphFunction['name']): GraphFunction => ({ name, inputs: [], outputs: {}, updates: [] });
  return { variables: [], train: empty('train'), evaluate: empty('evaluate'), predict };
};

describe.skipIf(!onnxAvailable()).each([false, true])('convolutions (portable: %s)', (portable) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOnnx({ runtimePath: findOnnxRuntime()!, threads: 2, portable });
  });
  afterAll(() => engine?.close());

  it.each(cases.map((one) => [JSON.stringify(one), one] as const))('%s', async (_, one) => {
    const { predict, feeds } = functionOf(one);
    await engine.load(graphOf(predict));
    const given = await engine.run('predict', Object.fromEntries(Object.entries(feeds).map(([name, { shape, data }]) => [name, { dtype: 'float32', shape, data: Float32Array.from(data) } as const])));
    const names = Object.keys(predict.outputs);
    interpret(Object.values(predict.outputs), feeds).forEach((want, i) => {
      const got = given[names[i]];
      expect(got.shape, names[i]).toEqual(want.shape);
      const [apart, size] = [Math.hypot(...want.data.map((v, j) => v - got.data[j])), Math.hypot(...want.data)];
      expect(apart / size, names[i]).toBeLessThan(2e-6);
    });
  });
});

it('both forms of the filter’s gradient are among them, and blocks where they fit', () => {
  const operators = cases.map((one) => decodeModel(toOnnx(functionOf(one).predict, new Map(), { block: 8 }).bytes).graph.node.map((node) => `${node.domain}/${node.opType} ${node.name}`));
  const pushed = operators.map((list) => list.some((name) => /^\/Pad .*conv2dFilterGrad/.test(name) && list.filter((other) => /^\/Pad .*conv2dFilterGrad/.test(other)).length > 1));
  expect(new Set(pushed)).toEqual(new Set([true, false]));
  const blocked = operators.map((list) => list.some((name) => name.startsWith('com.microsoft.nchwc/Conv')));
  expect(new Set(blocked)).toEqual(new Set([true, false]));
});

describe.skipIf(!onnxAvailable()).each([false, true])('a convolution with its bias and relu (portable: %s)', (portable) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openOnnx({ runtimePath: findOnnxRuntime()!, threads: 1, portable });
  });
  afterAll(() => engine?.close());

  const size = [2, 6, 5, 16];
  const bias = Float32Array.from({ length: 16 }, (_, i) => (i - 8) / 10);

  /** `seen`: outputs besides the last value: the convolution's own, or the sum. */
  const run = async (seen: 'nothing' | 'conv' | 'sum', x: Float32Array) => {
    const g = builder();
    const images = g.input('x', { dtype: 'float32', shape: [-1, ...size.slice(1)] });
    const y = g.conv2d(images, g.variable('kernel', { dtype: 'float32', shape: [3, 3, 16, 16] }), attrs('same'));
    const sum = g.biasAdd(y, g.variable('bias', { dtype: 'float32', shape: [16] }));
    const relu = g.unary('relu', sum);
    const outputs = { relu, ...(seen === 'conv' ? { y } : {}), ...(seen === 'sum' ? { sum } : {}) };
    const predict: GraphFunction = { name: 'predict', inputs: [images], outputs, updates: [] };
    const kernel = Float32Array.from({ length: 9 * 256 }, (_, i) => Math.sin(i));
    const values = { kernel: { dtype: 'float32', shape: [3, 3, 16, 16], data: kernel }, bias: { dtype: 'float32', shape: [16], data: bias } } as const;
    await engine.load({ ...graphOf(predict), variables: Object.entries(values).map(([name, { shape }]) => ({ name, role: 'weight', type: { dtype: 'float32', shape } })) });
    await engine.restore(values);
    const given = await engine.run('predict', { x: { dtype: 'float32', shape: size, data: x } });
    const arrays = new Map(Object.entries(values).map(([name, { shape, data }]) => [name, ndarray(shape, data)]));
    interpret(Object.values(outputs), { x: ndarray(size, x) }, arrays).forEach((want, i) => {
      const got = given[Object.keys(outputs)[i]].data;
      want.data.forEach((v, j) => expect(Number.isNaN(v) ? Number.isNaN(got[j]) : Math.abs(got[j] - v) < 1e-4, `${Object.keys(outputs)[i]}[${j}]: ${got[j]} for ${v}`).toBe(true));
    });
  };

  const x = Float32Array.from({ length: 2 * 6 * 5 * 16 }, (_, i) => Math.cos(i));
  it.each(['nothing', 'conv', 'sum'] as const)('with %s seen between', (seen) => run(seen, x));
  it('lets no number that is none become zero', () => run('nothing', x.map((v, i) => (i === 77 ? NaN : v))));
});
