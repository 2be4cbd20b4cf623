/** Elementwise operations and casts. */
import type { BinaryFunction, CompareFunction, GradFunction, UnaryFunction } from '../../../graph/types.ts';
import { DataType } from '../messages.ts';
import type { Writer } from '../writer.ts';
import { aligned, convert, elementwise as map, result, workingLayout } from './definition.ts';
import type { Context, Emits, Ref } from './definition.ts';

/** Klambauer et al., "Self-Normalizing Neural Networks". */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

type Unary = (w: Writer, x: string) => string;
const named = (op: string): Unary => (w, x) => w.one(op, [x]);

const unary: Readonly<Record<UnaryFunction, Unary>> = {
  neg: named('Neg'),
  exp: named('Exp'),
  log: named('Log'),
  // x·log(u)/(u − 1) with u = 1 + x as it was rounded (Kahan), x itself where u is 1.
  log1p(w, x) {
    const one = w.floats(1);
    const u = w.one('Add', [x, one]);
    const rounded = w.one('Sub', [u, one]);
    const quotient = w.one('Div', [w.one('Mul', [x, w.one('Log', [u])]), rounded]);
    return w.one('Where', [w.one('Equal', [rounded, w.floats(0)]), x, quotient]);
  },
  sqrt: named('Sqrt'),
  rsqrt: (w, x) => w.one('Reciprocal', [w.one('Sqrt', [x])]),
  square: (w, x) => w.one('Mul', [x, x]),
  abs: named('Abs'),
  sign: named('Sign'),
  floor: named('Floor'),
  sin: named('Sin'),
  cos: named('Cos'),
  erf: named('Erf'),
  reciprocal: named('Reciprocal'),
  relu: named('Relu'),
  relu6: (w, x) => w.one('Clip', [x, w.floats(0), w.floats(6)]),
  elu: (w, x) => w.one('Elu', [x], { alpha: { float: 1 } }),
  selu: (w, x) => w.one('Selu', [x], { alpha: { float: SELU_ALPHA }, gamma: { float: SELU_SCALE } }),
  softplus: named('Softplus'),
  softsign: named('Softsign'),
  sigmoid: named('Sigmoid'),
  tanh: named('Tanh'),
};

/** dy times the derivative, given y or x as GradFunction says. */
const unaryGrad: Readonly<Record<GradFunction, (w: Writer, dy: string, t: string) => string>> = {
  // y is not negative, so its sign is the derivative.
  relu: (w, dy, y) => w.one('Mul', [dy, w.one('Sign', [y])]),
  relu6: (w, dy, y) => w.one('Where', [w.one('And', [w.one('Greater', [y, w.floats(0)]), w.one('Less', [y, w.floats(6)])]), dy, w.floats(0)]),
  elu: (w, dy, y) => w.one('Mul', [dy, w.one('Add', [w.one('Min', [y, w.floats(0)]), w.floats(1)])]),
  selu(w, dy, y) {
    const derivative = w.one('Where', [w.one('Less', [y, w.floats(0)]), w.one('Add', [y, w.floats(SELU_SCALE * SELU_ALPHA)]), w.floats(SELU_SCALE)]);
    return w.one('Mul', [dy, derivative]);
  },
  // ONNX Runtime's Sigmoid has seven digits behind the point, not seven digits: of a loss that is almost 0 this would be another gradient.
  softplus: (w, dy, x) => w.one('Div', [dy, w.one('Add', [w.one('Exp', [w.one('Neg', [x])]), w.floats(1)])]),
  softsign(w, dy, x) {
    const root = w.one('Add', [w.one('Abs', [x]), w.floats(1)]);
    return w.one('Div', [dy, w.one('Mul', [root, root])]);
  },
  sigmoid: (w, dy, y) => w.one('Mul', [dy, w.one('Mul', [y, w.one('Sub', [w.floats(1), y])])]),
  tanh: (w, dy, y) => w.one('Mul', [dy, w.one('Sub', [w.floats(1), w.one('Mul', [y, y])])]),
};

const binary: Readonly<Record<BinaryFunction, (w: Writer, a: string, b: string) => string>> = {
  add: (w, a, b) => w.one('Add', [a, b]),
  sub: (w, a, b) => w.one('Sub', [a, b]),
  mul: (w, a, b) => w.one('Mul', [a, b]),
  div: (w, a, b) => w.one('Div', [a, b]),
  maximum: (w, a, b) => w.one('Max', [a, b]),
  minimum: (w, a, b) => w.one('Min', [a, b]),
  pow: (w, a, b) => w.one('Pow', [a, b]),
  squaredDifference(w, a, b) {
    const difference = w.one('Sub', [a, b]);
    return w.one('Mul', [difference, difference]);
  },
};

const compare: Readonly<Record<CompareFunction, readonly [op: string, negated: boolean]>> = {
  greater: ['Greater', false],
  greaterEqual: ['GreaterOrEqual', false],
  less: ['Less', false],
  lessEqual: ['LessOrEqual', false],
  equal: ['Equal', false],
  notEqual: ['Equal', true],
};

/** bool and uint8 as int32: onnxruntime compares and selects fewer types than we do. */
const widened = ({ w }: Context, x: Ref): Ref =>
  x.dtype === 'bool' || x.dtype === 'uint8' ? { ...x, dtype: 'int32', name: w.one('Cast', [x.name], { to: 6 }) } : x;

export const elementwise: Emits<
  'unary' | 'unaryGrad' | 'leakyRelu' | 'leakyReluGrad' | 'binary' | 'compare' | 'logical' | 'select' | 'cast' | 'stopGradient'
> = {
  unary: ({ w }, { attrs, outputs }, [x]) => [result(unary[attrs.fn](w, x.name), outputs[0], x.layout)],
  unaryGrad: (context, { attrs, outputs }, inputs) => [map(context, outputs[0], inputs, ([dy, t]) => unaryGrad[attrs.fn](context.w, dy, t))],
  leakyRelu: ({ w }, { attrs, outputs }, [x]) => [result(w.one('LeakyRelu', [x.name], { alpha: { float: attrs.slope } }), outputs[0], x.layout)],
  leakyReluGrad: (context, { attrs, outputs }, inputs) => {
    const { w } = context;
    return [map(context, outputs[0], inputs, ([dy, x]) => w.one('Where', [w.one('Greater', [x, w.floats(0)]), dy, w.one('Mul', [dy, w.floats(attrs.slope)])]))];
  },
  binary: (context, { attrs, outputs }, inputs) => [map(context, outputs[0], inputs, ([a, b]) => binary[attrs.fn](context.w, a, b))],
  compare(context, { attrs, outputs }, inputs) {
    const { w } = context;
    const [op, negated] = compare[attrs.fn];
    const write = (names: readonly string[]): string => (negated ? w.one('Not', [w.one(op, names)]) : w.one(op, names));
    return [map(context, outputs[0], inputs.map((x) => widened(context, x)), write)];
  },
  logical: (context, { attrs, outputs }, inputs) => [map(context, outputs[0], inputs, (names) => context.w.one(attrs.fn === 'and' ? 'And' : 'Or', names))],
  select(context, { outputs }, [condition, a, b]) {
    const { w } = context;
    const [type] = outputs;
    const layout = workingLayout([condition, a, b], type.shape);
    const choices = [a, b].map((x) => aligned(context, widened(context, x), layout, type.shape.length));
    const chosen = w.one('Where', [aligned(context, condition, layout, type.shape.length), ...choices]);
    return [result(type.dtype === 'bool' || type.dtype === 'uint8' ? w.one('Cast', [chosen], { to: type.dtype === 'bool' ? 9 : 2 }) : chosen, type, layout)];
  },
  cast({ w }, { attrs, outputs }, [x]) {
    return [result(w.one('Cast', [x.name], { to: DataType[attrs.to] }), outputs[0], x.layout)];
  },
  // Gradients are in the graph already.
  stopGradient: (_context, _op, [x]) => [x],
};

/** Both in the layout of the first. */
export const alike = (context: Context, like: Ref, x: Ref): Ref => convert(context, x, like.layout);
