/** Small graphs for every operation: with an unknown batch, and with the corner cases of each kernel. */
import type { Builder } from '../../../../src/compiler/graph/build.ts';
import { builder } from '../../../../src/compiler/graph/build.ts';
import { ndarray, sizeOf } from '../../../../src/compiler/graph/ndarray.ts';
import type { NDArray } from '../../../../src/compiler/graph/ndarray.ts';
import { draws, Purpose } from '../../../../src/compiler/graph/philox.ts';
import type { BinaryFunction, CompareFunction, DType, GradFunction, OpName, UnaryFunction, Value } from '../../../../src/compiler/graph/types.ts';

/** Makes inputs of a graph, remembering what to feed. Shapes begin with N where the batch is. */
export interface Feeder {
  readonly g: Builder;
  readonly feeds: Record<string, NDArray>;
  readonly variables: Map<string, NDArray>;
  /** A float input; values are normal-like in −2 … 2, or those given. `N` in the shape is the batch, of size 3. */
  f(shape: readonly (number | 'N')[], values?: readonly number[]): Value;
  /** A float variable. */
  v(shape: readonly number[]): Value;
  i(shape: readonly (number | 'N')[], values: readonly number[]): Value;
  b(shape: readonly (number | 'N')[], values: readonly number[]): Value;
}

export const BATCH_SIZE = 3;

export function feeder(seed: number): Feeder {
  const g = builder();
  const feeds: Record<string, NDArray> = {};
  const variables = new Map<string, NDArray>();
  const random = draws(seed, Purpose.synthetic);
  const make = (dtype: DType, shape: readonly (number | 'N')[], values?: readonly number[]): Value => {
    const name = `input_${Object.keys(feeds).length}`;
    const real = shape.map((d) => (d === 'N' ? BATCH_SIZE : d));
    const data = values ?? Array.from({ length: sizeOf(real) }, () => Math.fround(random.uniform() * 4 - 2));
    feeds[name] = ndarray(real, data, dtype);
    return g.input(name, { dtype, shape: shape.map((d) => (d === 'N' ? -1 : d)) });
  };
  const v = (shape: readonly number[]): Value => {
    const name = `variable_${variables.size}`;
    variables.set(name, ndarray(shape, Array.from({ length: sizeOf(shape) }, () => Math.fround(random.uniform() * 4 - 2))));
    return g.variable(name, { dtype: 'float32', shape });
  };
  return { g, feeds, variables, v, f: (s, v) => make('float32', s, v), i: (s, v) => make('int32', s, v), b: (s, v) => make('bool', s, v) };
}

type Case = (feeder: Feeder) => readonly Value[];

const unary: readonly UnaryFunction[] = [
  'neg', 'exp', 'log', 'log1p', 'sqrt', 'rsqrt', 'square', 'abs', 'sign', 'floor', 'sin', 'cos', 'erf', 'reciprocal',
  'relu', 'relu6', 'elu', 'selu', 'softplus', 'softsign', 'sigmoid', 'tanh',
];
const positive = new Set<UnaryFunction>(['log', 'log1p', 'sqrt', 'rsqrt', 'reciprocal']);
const gradients: readonly GradFunction[] = ['relu', 'relu6', 'elu', 'selu', 'softplus', 'softsign', 'sigmoid', 'tanh'];
const binary: readonly BinaryFunction[] = ['add', 'sub', 'mul', 'div', 'maximum', 'minimum', 'squaredDifference'];
const compare: readonly CompareFunction[] = ['greater', 'greaterEqual', 'less', 'lessEqual', 'equal', 'notEqual'];

const conv = (stride: readonly [number, number], padding: 'same' | 'valid', dilation: readonly [number, number] = [1, 1]) => ({ stride, padding, dilation });
const convolutions = [conv([1, 1], 'valid'), conv([2, 1], 'same'), conv([2, 2], 'valid'), conv([1, 1], 'same', [2, 3]), conv([1, 1], 'valid', [2, 2])];
const depthwise = [conv([1, 1], 'valid'), conv([2, 2], 'same'), conv([2, 2], 'valid'), conv([1, 1], 'same', [2, 3]), conv([1, 1], 'valid', [2, 2])];
const pool = (size: readonly [number, number], stride: readonly [number, number], padding: 'same' | 'valid') => ({ size, stride, padding });
const pools = [pool([2, 2], [2, 2], 'valid'), pool([3, 2], [2, 1], 'same'), pool([3, 3], [1, 1], 'same')];
/** Few different values: windows with ties. */
const tied = (f: Feeder): Value => f.f(['N', 7, 6, 3], Array.from({ length: BATCH_SIZE * 126 }, (_, i) => (i * 7919) % 4));
const [KEY, STEP] = [[123456789, -987654321], [42]];

export const cases: Readonly<Record<OpName, Case>> = {
  input: (f) => [f.f(['N', 2]), f.i(['N'], [1, 2, 3]), f.b(['N'], [1, 0, 1])],
  variable: ({ g, f, v }) => [g.add(f(['N', 2]), v([2])), v([3, 1]), v([])],
  constant: ({ g, f }) => [g.mul(f(['N', 3]), g.constant([1, -2.5, 3e-8], [3])), g.constant([1, 0], [2], 'bool'), g.constant([-7], [], 'int32')],
  unary: ({ g, f }) => {
    const [x, p] = [f(['N', 4, 2]), f(['N', 5], Array.from({ length: 15 }, (_, i) => 0.1 + i / 3))];
    return unary.map((fn) => g.unary(fn, positive.has(fn) ? p : x));
  },
  unaryGrad: ({ g, f }) => {
    const [dy, x] = [f(['N', 9]), f(['N', 9], Array.from({ length: 27 }, (_, i) => (i - 9) / 2))];
    return gradients.map((fn) => g.unaryGrad(fn, dy, fn === 'softplus' || fn === 'softsign' ? x : g.unary(fn, x)));
  },
  leakyRelu: ({ g, f }) => [g.leakyRelu(f(['N', 5]), 0.3)],
  leakyReluGrad: ({ g, f }) => [g.leakyReluGrad(f(['N', 5]), f(['N', 5]), 0.3)],
  binary: ({ g, f }) => {
    const [x, y, bias] = [f(['N', 2, 3]), f(['N', 2, 3]), f([3])];
    const powers = g.binary('pow', f(['N', 2], [0.5, 1, 2, 3, 0.1, 1.5]), f([2], [2, -0.5]));
    return [...binary.flatMap((fn) => [g.binary(fn, x, y), g.binary(fn, x, bias), g.binary(fn, g.scalar(1.5), x)]), powers];
  },
  compare: ({ g, f, i }) => {
    const [x, y] = [f(['N', 2], [1, 2, 3, 4, 5, 6]), f(['N', 1], [1, 4, 5])];
    const [p, q] = [i(['N'], [1, 2, 3]), i(['N'], [2, 2, 2])];
    return compare.flatMap((fn) => [g.compare(fn, x, y), g.compare(fn, p, q)]);
  },
  logical: ({ g, b }) => {
    const [x, y] = [b(['N', 2], [1, 1, 0, 0, 1, 0]), b(['N', 2], [1, 0, 1, 0, 1, 1])];
    return [g.logical('and', x, y), g.logical('or', x, y)];
  },
  select: ({ g, f, b }) => [g.select(b(['N', 2], [1, 1, 0, 0, 1, 0]), f(['N', 2]), f([2])), g.select(b(['N', 2], [0, 1, 0, 0, 1, 0]), f(['N', 2]), g.scalar(7))],
  cast: ({ g, f, i, b }) => {
    const x = f(['N', 2], [0, 1.7, 200.2, 3.9, 0.2, 255]);
    return [g.cast(x, 'int32'), g.cast(x, 'uint8'), g.cast(x, 'bool'), g.cast(i(['N'], [-1, 0, 7]), 'float32'), g.cast(b(['N'], [1, 0, 1]), 'float32'), g.cast(g.cast(x, 'uint8'), 'float32')];
  },
  stopGradient: ({ g, f }) => [g.stopGradient(f(['N', 2]))],
  reshape: ({ g, f }) => {
    const x = f(['N', 2, 6]);
    return [g.reshape(x, [-1, 12]), g.reshape(g.reshape(x, [-1, 3, 4]), [-1, 2, 6]), g.reshape(f([6]), [2, 3]), g.reshape(x, [-1, 3])];
  },
  concat: ({ g, f }) => {
    const [a, b] = [f(['N', 2, 3, 4]), f(['N', 2, 3, 1])];
    return [g.concat([a, b, a]), g.concat([f(['N', 2]), f(['N', 3])]), g.concat([g.avgPool(a, { size: [1, 1], stride: [1, 1], padding: 'valid' }), b])];
  },
  slice: ({ g, f }) => {
    const x = f(['N', 2, 3, 5]);
    return [g.slice(x, 1, 3), g.slice(f(['N', 4]), 2, 2), g.slice(g.avgPool(x, { size: [1, 2], stride: [1, 1], padding: 'valid' }), 0, 2)];
  },
  transpose: ({ g, f }) => [g.transpose(f(['N', 2, 3]), [0, 2, 1]), g.transpose(f([4, 3]), [1, 0])],
  sumToShape: ({ g, f }) => {
    const [x, image] = [f(['N', 2, 3]), f(['N', 2, 2, 3])];
    return [
      g.sumToShape(x, f([3])), g.sumToShape(x, f([2, 1])), g.sumToShape(x, f(['N', 1, 3])), g.sumToShape(x, f(['N', 1, 1])), g.sumToShape(x, f([1, 2, 3])),
      g.sumToShape(x, f([])), g.sumToShape(image, f([1, 1, 3])),
    ];
  },
  broadcastLike: ({ g, f }) => {
    const x = f(['N', 2, 3]);
    return [f([3]), f([2, 1]), f(['N', 1, 3]), f([]), f([1, 1, 1])].map((v) => g.broadcastLike(v, x));
  },
  reduce: ({ g, f }) => {
    const x = f(['N', 2, 4, 3]);
    return (['sum', 'mean', 'max'] as const).flatMap((fn) => [
      g.reduce(fn, x, [0]), g.reduce(fn, x, [1, 2]), g.reduce(fn, x, [0, 1, 2]), g.reduce(fn, x, [0, 1, 2, 3]), g.reduce(fn, x, [3], true), g.reduce(fn, f([4]), [0]),
    ]);
  },
  batchSize: ({ g, f }) => [g.batchSize(f(['N', 2])), g.batchSize(f([5, 2]))],
  argMax: ({ g, f }) => [g.argMax(f(['N', 4])), g.argMax(f(['N', 4], [1, 3, 3, 2, 0, 0, 0, 0, -1, -2, -1, -3]))],
  inTopK: ({ g, f, i }) => {
    const predictions = f(['N', 4], [1, 2, 3, 4, 5, 5, 5, 1, 0, 0, 0, 0]);
    return [1, 2, 3].map((k) => g.inTopK(predictions, i(['N'], [2, 2, 3]), k));
  },
  oneHot: ({ g, i }) => [g.oneHot(i(['N'], [0, 4, 2]), 5)],

  matmul: ({ g, f }) => {
    const [x, w, wt, dy] = [f(['N', 4]), f([4, 5]), f([5, 4]), f(['N', 5])];
    return [g.matmul(x, w), g.matmul(x, wt, { transposeB: true }), g.matmul(x, dy, { transposeA: true }), g.matmul(f([4, 2]), f([5, 4]), { transposeA: true, transposeB: true })];
  },
  biasAdd: ({ g, f }) => [g.biasAdd(f(['N', 4]), f([4])), g.biasAdd(f(['N', 2, 3, 4]), f([4])), g.biasAdd(f(['N', 2, 4]), f([4]))],
  biasAddGrad: ({ g, f }) => [g.biasAddGrad(f(['N', 4])), g.biasAddGrad(f(['N', 2, 3, 4])), g.biasAddGrad(f(['N', 2, 4]))],
  conv2d: ({ g, f }) => convolutions.map((attrs) => g.conv2d(f(['N', 9, 8, 3]), f([3, 2, 3, 4]), attrs)),
  conv2dInputGrad: ({ g, f }) =>
    convolutions.map((attrs) => {
      const [x, w] = [f(['N', 9, 8, 3]), f([3, 2, 3, 4])];
      return g.conv2dInputGrad(f(['N', ...g.conv2d(x, w, attrs).shape.slice(1)]), w, x, attrs);
    }),
  conv2dFilterGrad: ({ g, f }) => [
    ...convolutions.map((attrs) => {
      const [x, w] = [f(['N', 9, 8, 3]), f([3, 2, 3, 4])];
      return g.conv2dFilterGrad(x, f(['N', ...g.conv2d(x, w, attrs).shape.slice(1)]), { ...attrs, filterShape: [3, 2, 3, 4] });
    }),
    // Windows of one pixel that leave rows or columns over.
    ...[conv([2, 2], 'same'), conv([2, 1], 'valid'), conv([1, 2], 'same'), conv([4, 4], 'valid')].map((attrs) => {
      const x = f(['N', 8, 8, 3]);
      return g.conv2dFilterGrad(x, f(['N', ...g.conv2d(x, f([1, 1, 3, 4]), attrs).shape.slice(1)]), { ...attrs, filterShape: [1, 1, 3, 4] });
    }),
  ],
  conv2dTranspose: ({ g, f }) =>
    [...convolutions, conv([3, 3], 'valid')].map((attrs) => {
      const w = f([3, 2, 3, 4]);
      return g.conv2dTranspose(f(['N', ...g.conv2d(f(['N', 9, 8, 3]), w, attrs).shape.slice(1)]), w, { ...attrs, size: [9, 8] });
    }),
  depthwiseConv2d: ({ g, f }) => depthwise.flatMap((attrs) => [1, 2].map((each) => g.depthwiseConv2d(f(['N', 9, 8, 3]), f([3, 2, 3, each]), attrs))),
  depthwiseInputGrad: ({ g, f }) =>
    depthwise.flatMap((attrs) => [1, 2].map((each) => {
      const [x, w] = [f(['N', 9, 8, 3]), f([3, 2, 3, each])];
      return g.depthwiseInputGrad(f(['N', ...g.depthwiseConv2d(x, w, attrs).shape.slice(1)]), w, x, attrs);
    })),
  depthwiseFilterGrad: ({ g, f }) =>
    depthwise.flatMap((attrs) => [1, 2].flatMap((each) => [[3, 2], [1, 1]].map(([h, w]) => {
      const x = f(['N', 9, 8, 3]);
      return g.depthwiseFilterGrad(x, f(['N', ...g.depthwiseConv2d(x, f([h, w, 3, each]), attrs).shape.slice(1)]), { ...attrs, filterShape: [h, w, 3, each] });
    }))),
  pad: ({ g, f }) => [g.pad(f(['N', 3, 4, 2]), [1, 2, 0, 3]), g.pad(g.avgPool(f(['N', 3, 4, 2]), pools[0]), [0, 1, 1, 0])],
  crop: ({ g, f }) => [g.crop(f(['N', 5, 6, 2]), [1, 2, 0, 3]), g.crop(f(['N', 5, 6, 2]), [0, 0, 5, 0])],
  upsampleBilinear: ({ g, f }) => [g.upsampleBilinear(f(['N', 3, 4, 2]), [2, 3]), g.upsampleBilinear(f(['N', 1, 4, 1]), [4, 1])],
  upsampleBilinearGrad: ({ g, f }) => [g.upsampleBilinearGrad(f(['N', 6, 12, 2]), [2, 3]), g.upsampleBilinearGrad(f(['N', 4, 4, 1]), [4, 1])],
  maxPool: ({ g, f }) => pools.map((attrs) => g.maxPool(f(['N', 7, 6, 3]), attrs)),
  maxPoolGrad: (f) =>
    pools.flatMap((attrs) => [tied(f), f.f(['N', 7, 6, 3])].map((x) => {
      const y = f.g.maxPool(x, attrs);
      return f.g.maxPoolGrad(x, y, f.f(['N', ...y.shape.slice(1)]), attrs);
    })),
  avgPool: ({ g, f }) => pools.map((attrs) => g.avgPool(f(['N', 7, 6, 3]), attrs)),
  avgPoolGrad: ({ g, f }) =>
    pools.map((attrs) => {
      const x = f(['N', 7, 6, 3]);
      return g.avgPoolGrad(f(['N', ...g.avgPool(x, attrs).shape.slice(1)]), x, attrs);
    }),
  batchNormTrain: ({ g, f }) =>
    [['N', 4, 5, 3], ['N', 3], ['N', 5, 3], [1, 1, 1, 3], [1, 3]].flatMap((shape) => {
      const { y, mean, variance } = g.batchNormTrain(f(shape as (number | 'N')[]), f([3]), f([3]), 1e-3);
      return [y, mean, variance];
    }),
  batchNormTrainGrad: ({ g, f }) =>
    [['N', 4, 5, 3], ['N', 3], ['N', 5, 3]].flatMap((shape) => {
      const [x, dy, gamma] = [f(shape as (number | 'N')[]), f(shape as (number | 'N')[]), f([3])];
      const { mean, variance } = g.batchNormTrain(x, gamma, f([3]), 1e-3);
      const own = g.batchNormTrainGrad(dy, x, gamma, mean, variance, 1e-3);
      // With statistics from elsewhere nothing is reserved.
      const axes = x.shape.slice(0, -1).map((_, i) => i);
      const average = g.reduce('mean', x, axes);
      const spread = g.reduce('mean', g.unary('square', g.sub(x, average)), axes);
      const other = g.batchNormTrainGrad(dy, x, gamma, average, spread, 1e-3);
      return [own.dx, own.dgamma, own.dbeta, other.dx, other.dgamma, other.dbeta];
    }),
  batchNormInference: ({ g, f }) =>
    [['N', 4, 5, 3], ['N', 3]].map((shape) => g.batchNormInference(f(shape as (number | 'N')[]), f([3]), f([3]), f([3]), f([3], [0.5, 1, 2]), 1e-3)),

  softmax: ({ g, f }) => [g.softmax(f(['N', 5])), g.softmax(f(['N', 2], [1000, 0, -1000, 0, 5, 5]))],
  logSoftmax: ({ g, f }) => [g.logSoftmax(f(['N', 5]))],
  softmaxCrossEntropy: ({ g, f }) => [
    ...g.apply('softmaxCrossEntropy', [f(['N', 4]), f(['N', 4], [0.1, 0.2, 0.3, 0.4, 0, 0, 1, 0, 0.25, 0.25, 0.25, 0.25])], {}),
    ...g.apply('softmaxCrossEntropy', [f(['N', 4]), f(['N', 4], [0.5, 0, 0, 1, 0, 0, 0, 0, 0.2, 0, 0, 0])], {}),
  ],
  sparseSoftmaxCrossEntropy: ({ g, f, i }) => g.apply('sparseSoftmaxCrossEntropy', [f(['N', 4]), i(['N'], [0, 3, 1])], {}),

  dropoutMask: ({ g, f, i }) => {
    const [key, step] = [i([2], KEY), i([], STEP)];
    // Samples of whole words, of part words, and few enough to need less than one block.
    return [['N', 8, 4], ['N', 7, 3], ['N', 1], ['N', 1000]].flatMap((shape, stream) => {
      const like = f(shape as (number | 'N')[]);
      return [g.dropoutMask(key, step, like, { bits: 8, threshold: 64, stream }), g.dropoutMask(key, step, like, { bits: 16, threshold: 19661, stream: stream + 0xfffffff0 })];
    });
  },
  uniform: ({ g, f, i }) => {
    const [key, step] = [i([2], KEY), i([], STEP)];
    return [['N', 8, 4], ['N', 7, 3], ['N', 1], ['N', 2, 3, 2]].map((shape, stream) => g.uniform(key, step, f(shape as (number | 'N')[]), stream + 0x100000));
  },
  applyMask: ({ g, f, b }) => [g.applyMask(f(['N', 4]), b(['N', 4], [1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0]), 0.75)],
  warp: ({ g, f }) => {
    const images = f(['N', 7, 6, 2]);
    // A rotation with a shift and perspective, a flip, and the identity; far enough to leave the image.
    const transforms = f(['N', 8], [0.8, -0.6, 1.313, 0.6, 0.8, -2.117, 0.001, 0.002, -1, 0, 5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
    return (['nearest', 'constant', 'reflect', 'wrap'] as const).flatMap((fill) => (['bilinear', 'nearest'] as const).map((interpolation) => g.warp(images, transforms, { interpolation, fill, fillValue: 0.5 })));
  },

  adamUpdate: ({ g, f }) => g.adamUpdate(f([3, 4]), f([3, 4]), f([3, 4], Array.from({ length: 12 }, (_, i) => i / 7)), f([3, 4]), f([], [0.01]), f([], [3]), { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 }),
  sgdUpdate: ({ g, f }) => [g.sgdUpdate(f([3, 4]), f([3, 4]), f([], [0.1]))],
  momentumUpdate: ({ g, f }) => [true, false].flatMap((nesterov) => g.momentumUpdate(f([5]), f([5]), f([5]), f([], [0.1]), { momentum: 0.9, nesterov })),
};
