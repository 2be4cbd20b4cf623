/** Functions of two numbers, comparisons and choices; they broadcast as NumPy does. */
import type { NDArray } from '../ndarray.ts';
import { broadcastStrides, ndarray, positions } from '../ndarray.ts';
import { isFloat } from '../types.ts';
import type { BinaryFunction, CompareFunction, DType, Value } from '../types.ts';
import type { GradientContext, OpDefinition } from './definition.ts';
import { broadcastShapes, expectInputs, fail, sameShape, showType } from './definition.ts';

export const binaryFunctions: Readonly<Record<BinaryFunction, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  pow: Math.pow,
  squaredDifference: (a, b) => (a - b) ** 2,
};

export const comparisons: Readonly<Record<CompareFunction, (a: number, b: number) => boolean>> = {
  greater: (a, b) => a > b,
  greaterEqual: (a, b) => a >= b,
  less: (a, b) => a < b,
  lessEqual: (a, b) => a <= b,
  equal: (a, b) => a === b,
  notEqual: (a, b) => a !== b,
};

/** f applied to a and b, both broadcast. */
function zip(op: string, a: NDArray, b: NDArray, dtype: DType, f: (a: number, b: number) => number): NDArray {
  const shape = broadcastShapes(op, a.shape, b.shape);
  const at = positions(shape, broadcastStrides(a.shape, shape));
  const bt = positions(shape, broadcastStrides(b.shape, shape));
  return ndarray(shape, Float64Array.from(at, (_, i) => f(a.data[at[i]], b.data[bt[i]])), dtype);
}

/** Gradients before the reverse of broadcasting. At ties maximum and minimum give to a, as TensorFlow. */
function binaryGradient({ g, attrs: { fn }, dy, inputs: [a, b], outputs: [y], needs }: GradientContext<'binary'>): (Value | null)[] {
  const zero = g.scalar(0);
  const pair = (da: () => Value, db: () => Value): (Value | null)[] => [needs[0] ? da() : null, needs[1] ? db() : null];
  switch (fn) {
    case 'add':
      return [dy, dy];
    case 'sub':
      return pair(() => dy, () => g.unary('neg', dy));
    case 'mul':
      return pair(() => g.mul(dy, b), () => g.mul(dy, a));
    case 'div':
      return pair(() => g.div(dy, b), () => g.unary('neg', g.div(g.mul(dy, y), b)));
    case 'maximum':
    case 'minimum': {
      const first = g.compare(fn === 'maximum' ? 'greaterEqual' : 'lessEqual', a, b);
      return pair(() => g.select(first, dy, zero), () => g.select(first, zero, dy));
    }
    case 'pow': {
      // By b: y·log a, which is 0 where a ≤ 0 (TensorFlow's choice).
      const logarithm = (): Value => {
        const positive = g.compare('greater', a, zero);
        return g.select(positive, g.unary('log', g.select(positive, a, g.scalar(1))), zero);
      };
      return pair(() => g.mul(dy, g.mul(b, g.pow(a, g.sub(b, g.scalar(1))))), () => g.mul(dy, g.mul(y, logarithm())));
    }
    case 'squaredDifference': {
      const da = g.mul(dy, g.mul(g.sub(a, b), g.scalar(2)));
      return pair(() => da, () => g.unary('neg', da));
    }
  }
}

export const binary: OpDefinition<'binary'> = {
  infer(inputs, { fn }) {
    expectInputs(fn, inputs, [['any'], ['any']]);
    const [a, b] = inputs;
    const numeric = isFloat(a.dtype) || (a.dtype === 'int32' && ['add', 'sub', 'mul', 'maximum', 'minimum'].includes(fn));
    if (a.dtype !== b.dtype || !numeric) fail(`${fn} does not take ${showType(a)} and ${showType(b)}`);
    return [{ dtype: a.dtype, shape: broadcastShapes(fn, a.shape, b.shape) }];
  },
  gradient: (context) => binaryGradient(context).map((d, i) => d && context.g.sumToShape(d, context.inputs[i])),
  evaluate: ([a, b], { fn }) => [zip(fn, a, b, a.dtype, binaryFunctions[fn])],
};

export const compare: OpDefinition<'compare'> = {
  infer(inputs, { fn }) {
    expectInputs(fn, inputs, [['any'], ['any']]);
    if (inputs[0].dtype !== inputs[1].dtype) fail(`${fn} compares ${showType(inputs[0])} with ${showType(inputs[1])}`);
    return [{ dtype: 'bool', shape: broadcastShapes(fn, inputs[0].shape, inputs[1].shape) }];
  },
  gradient: 'zero',
  evaluate: ([a, b], { fn }) => [zip(fn, a, b, 'bool', (p, q) => Number(comparisons[fn](p, q)))],
};

export const logical: OpDefinition<'logical'> = {
  infer(inputs, { fn }) {
    expectInputs(fn, inputs, [['bool'], ['bool']]);
    return [{ dtype: 'bool', shape: broadcastShapes(fn, inputs[0].shape, inputs[1].shape) }];
  },
  gradient: 'zero',
  evaluate: ([a, b], { fn }) => [zip(fn, a, b, 'bool', fn === 'and' ? (p, q) => p & q : (p, q) => p | q)],
};

export const select: OpDefinition<'select'> = {
  infer(inputs) {
    expectInputs('select', inputs, [['bool'], ['any'], ['any']]);
    const [condition, a, b] = inputs;
    const wide = [a, b].some((v) => !sameShape(broadcastShapes('select', condition.shape, v.shape), condition.shape));
    if (a.dtype !== b.dtype || wide) fail(`select does not take (${inputs.map(showType).join(', ')})`);
    return [{ dtype: a.dtype, shape: condition.shape }];
  },
  gradient({ g, dy, inputs: [condition, a, b], needs }) {
    const zero = g.scalar(0);
    return [null, needs[1] ? g.sumToShape(g.select(condition, dy, zero), a) : null, needs[2] ? g.sumToShape(g.select(condition, zero, dy), b) : null];
  },
  evaluate([condition, a, b]) {
    const at = positions(condition.shape, broadcastStrides(a.shape, condition.shape));
    const bt = positions(condition.shape, broadcastStrides(b.shape, condition.shape));
    return [ndarray(condition.shape, condition.data.map((c, i) => (c ? a.data[at[i]] : b.data[bt[i]])), a.dtype)];
  },
};
