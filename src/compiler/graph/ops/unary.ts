/** Functions of one number, and the gradients TensorFlow has kernels for. */
import type { NDArray } from '../ndarray.ts';
import { ndarray } from '../ndarray.ts';
import type { GradFunction, UnaryFunction, Value } from '../types.ts';
import type { GradientContext, OpDefinition } from './definition.ts';
import { expectInputs, expectShape } from './definition.ts';

/** Klambauer et al., "Self-Normalizing Neural Networks". */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!, whose terms all have one sign: full precision. Abramowitz and Stegun 7.1.6. */
function erf(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));

export const unaryFunctions: Readonly<Record<UnaryFunction, (x: number) => number>> = {
  neg: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  square: (x) => x * x,
  abs: Math.abs,
  sign: Math.sign,
  floor: Math.floor,
  sin: Math.sin,
  cos: Math.cos,
  erf,
  reciprocal: (x) => 1 / x,
  // `x < 0 ? 0 : x` and not Math.max: NaN passes through, as in TensorFlow.
  relu: (x) => (x < 0 ? 0 : x),
  relu6: (x) => (x < 0 ? 0 : x > 6 ? 6 : x),
  elu: (x) => (x < 0 ? Math.expm1(x) : x),
  selu: (x) => SELU_SCALE * (x < 0 ? SELU_ALPHA * Math.expm1(x) : x),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
  softsign: (x) => x / (1 + Math.abs(x)),
  sigmoid,
  tanh: Math.tanh,
};

/** Derivative by x, given y or x as GradFunction says. */
export const unaryDerivatives: Readonly<Record<GradFunction, (t: number) => number>> = {
  relu: (y) => (y > 0 ? 1 : 0),
  relu6: (y) => (y > 0 && y < 6 ? 1 : 0),
  elu: (y) => (y < 0 ? y + 1 : 1),
  selu: (y) => (y < 0 ? y + SELU_SCALE * SELU_ALPHA : SELU_SCALE),
  softplus: sigmoid,
  softsign: (x) => 1 / (1 + Math.abs(x)) ** 2,
  sigmoid: (y) => y * (1 - y),
  tanh: (y) => 1 - y * y,
};

const map = (x: NDArray, f: (x: number) => number): NDArray => ndarray(x.shape, x.data.map(f), x.dtype);
const product = (a: NDArray, f: (t: number) => number, t: NDArray): NDArray => ndarray(a.shape, a.data.map((v, i) => v * f(t.data[i])));

function unaryGradient({ g, attrs: { fn }, dy, inputs: [x], outputs: [y] }: GradientContext<'unary'>): Value | null {
  switch (fn) {
    case 'relu':
    case 'relu6':
    case 'elu':
    case 'selu':
    case 'sigmoid':
    case 'tanh':
      return g.unaryGrad(fn, dy, y);
    case 'softplus':
    case 'softsign':
      return g.unaryGrad(fn, dy, x);
    case 'neg':
      return g.unary('neg', dy);
    case 'exp':
      return g.mul(dy, y);
    case 'log':
      return g.div(dy, x);
    case 'log1p':
      return g.div(dy, g.add(x, g.scalar(1)));
    case 'sqrt':
      return g.div(g.mul(dy, g.scalar(0.5)), y);
    case 'rsqrt':
      return g.mul(g.mul(dy, g.scalar(-0.5)), g.mul(y, g.unary('square', y)));
    case 'square':
      return g.mul(dy, g.mul(x, g.scalar(2)));
    case 'abs':
      return g.mul(dy, g.unary('sign', x));
    case 'sin':
      return g.mul(dy, g.unary('cos', x));
    case 'cos':
      return g.unary('neg', g.mul(dy, g.unary('sin', x)));
    case 'erf':
      return g.mul(dy, g.mul(g.unary('exp', g.unary('neg', g.unary('square', x))), g.scalar(2 / Math.sqrt(Math.PI))));
    case 'reciprocal':
      return g.unary('neg', g.mul(dy, g.unary('square', y)));
    case 'sign':
    case 'floor':
      return null;
  }
}

export const unary: OpDefinition<'unary'> = {
  infer(inputs, { fn }) {
    expectInputs(fn, inputs, [['float']]);
    return [inputs[0]];
  },
  gradient: (context) => [unaryGradient(context)],
  evaluate: ([x], { fn }) => [map(x, unaryFunctions[fn])],
};

export const unaryGrad: OpDefinition<'unaryGrad'> = {
  infer(inputs, { fn }) {
    expectInputs(`${fn}Grad`, inputs, [['float'], ['float']]);
    expectShape(`${fn}Grad`, 'dy', inputs[0], inputs[1].shape);
    return [inputs[0]];
  },
  gradient: 'none',
  evaluate: ([dy, t], { fn }) => [product(dy, unaryDerivatives[fn], t)],
};

export const leakyRelu: OpDefinition<'leakyRelu'> = {
  infer(inputs) {
    expectInputs('leakyRelu', inputs, [['float']]);
    return [inputs[0]];
  },
  gradient: ({ g, dy, inputs: [x], attrs: { slope } }) => [g.leakyReluGrad(dy, x, slope)],
  evaluate: ([x], { slope }) => [map(x, (v) => (v < 0 ? slope * v : v))],
};

export const leakyReluGrad: OpDefinition<'leakyReluGrad'> = {
  infer(inputs) {
    expectInputs('leakyReluGrad', inputs, [['float'], ['float']]);
    expectShape('leakyReluGrad', 'dy', inputs[0], inputs[1].shape);
    return [inputs[0]];
  },
  gradient: 'none',
  evaluate: ([dy, x], { slope }) => [product(dy, (v) => (v > 0 ? 1 : slope), x)],
};
