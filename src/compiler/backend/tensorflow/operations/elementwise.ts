/** Elementwise operations and casts. */
import { BATCH, type BinaryFunction, type CompareFunction, type GradFunction, type UnaryFunction, type Value } from '../../../graph/types.ts';
import type { TfOp } from '../ops.generated.ts';
import type { Emits } from './definition.ts';

const unary: Readonly<Record<UnaryFunction, TfOp>> = {
  neg: 'Neg',
  exp: 'Exp',
  log: 'Log',
  log1p: 'Log1p',
  sqrt: 'Sqrt',
  rsqrt: 'Rsqrt',
  square: 'Square',
  abs: 'Abs',
  sign: 'Sign',
  floor: 'Floor',
  sin: 'Sin',
  cos: 'Cos',
  erf: 'Erf',
  reciprocal: 'Reciprocal',
  relu: 'Relu',
  relu6: 'Relu6',
  elu: 'Elu',
  selu: 'Selu',
  softplus: 'Softplus',
  softsign: 'Softsign',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
};

/** TensorFlow's order of arguments: (dy, t), but (y, dy) for sigmoid and tanh. */
const unaryGrad: Readonly<Record<GradFunction, readonly [op: TfOp, order: 'dy first' | 'dy last']>> = {
  relu: ['ReluGrad', 'dy first'],
  relu6: ['Relu6Grad', 'dy first'],
  elu: ['EluGrad', 'dy first'],
  selu: ['SeluGrad', 'dy first'],
  softplus: ['SoftplusGrad', 'dy first'],
  softsign: ['SoftsignGrad', 'dy first'],
  sigmoid: ['SigmoidGrad', 'dy last'],
  tanh: ['TanhGrad', 'dy last'],
};

const binary: Readonly<Record<BinaryFunction, TfOp>> = {
  add: 'AddV2',
  sub: 'Sub',
  mul: 'Mul',
  div: 'RealDiv',
  maximum: 'Maximum',
  minimum: 'Minimum',
  pow: 'Pow',
  squaredDifference: 'SquaredDifference',
};

const compare: Readonly<Record<CompareFunction, TfOp>> = {
  greater: 'Greater',
  greaterEqual: 'GreaterEqual',
  less: 'Less',
  lessEqual: 'LessEqual',
  equal: 'Equal',
  notEqual: 'NotEqual',
};

/**
 * Whether one of two feature maps may be the other times a constant. TensorFlow's remapper makes LeakyRelu of maximum(c · x, x), also
 * where c is above 1 (tensorflow/core/grappler/optimizers/remapper.cc, FindMulAndMaximum), and an addition of x to itself counts as 2 · x.
 */
const mayBeScaled = ([a, b]: readonly Value[]): boolean => a.shape.includes(BATCH) && a.shape.join() === b.shape.join();

export const elementwise: Emits<
  'unary' | 'unaryGrad' | 'leakyRelu' | 'leakyReluGrad' | 'binary' | 'compare' | 'logical' | 'select' | 'cast' | 'stopGradient'
> = {
  unary: ({ w }, { attrs }, [x]) => w.add(unary[attrs.fn], [x]),
  unaryGrad({ w }, { attrs }, [dy, t]) {
    const [op, order] = unaryGrad[attrs.fn];
    return w.add(op, order === 'dy first' ? [dy, t] : [t, dy]);
  },
  leakyRelu: ({ w }, { attrs }, [x]) => w.add('LeakyRelu', [x], { alpha: attrs.slope }),
  leakyReluGrad: ({ w }, { attrs }, [dy, x]) => w.add('LeakyReluGrad', [dy, x], { alpha: attrs.slope }),
  binary({ w }, { attrs, inputs }, [a, b]) {
    if (attrs.fn !== 'maximum' || !mayBeScaled(inputs)) return w.add(binary[attrs.fn], [a, b]);
    return w.add('Neg', [w.one('Minimum', [w.one('Neg', [a]), w.one('Neg', [b])])]);
  },
  compare: ({ w }, { attrs }, [a, b]) => w.add(compare[attrs.fn], [a, b]),
  logical: ({ w }, { attrs }, [a, b]) => w.add(attrs.fn === 'and' ? 'LogicalAnd' : 'LogicalOr', [a, b]),
  select: ({ w }, _, [condition, a, b]) => w.add('SelectV2', [condition, a, b]),
  cast: ({ w }, { attrs }, [x]) => w.add('Cast', [x], { DstT: attrs.to }),
  // Gradients are in the graph already.
  stopGradient: (_context, _op, [x]) => [x],
};
