/** Operations that take axes away, and indices. */
import type { NDArray } from '../ndarray.ts';
import { broadcastStrides, ndarray, positions, sizeOf } from '../ndarray.ts';
import type { Value } from '../types.ts';
import { BATCH } from '../types.ts';
import type { GradientContext, OpDefinition } from './definition.ts';
import { channelsOf, expectInputs, expectShape, fail, float, showType } from './definition.ts';

const keptShape = (shape: readonly number[], axes: readonly number[]): number[] => shape.map((d, axis) => (axes.includes(axis) ? 1 : d));
const goneShape = (shape: readonly number[], axes: readonly number[]): number[] => shape.filter((_, axis) => !axes.includes(axis));

/** How many elements each result takes: known, or found at run time where the batch is among the axes. */
function countOf({ g, inputs: [x], attrs: { axes } }: GradientContext<'reduce'>): Value {
  const known = sizeOf(axes.map((axis) => x.shape[axis]).filter((d) => d !== BATCH));
  if (!axes.some((axis) => x.shape[axis] === BATCH)) return g.scalar(known);
  return g.cast(g.mul(g.cast(g.batchSize(x), 'float32'), g.scalar(known)), x.dtype);
}

function reduceGradient(context: GradientContext<'reduce'>): Value {
  const { g, dy, inputs: [x], outputs: [y], attrs: { fn, axes } } = context;
  const kept = keptShape(x.shape, axes);
  const wide = g.reshape(dy, kept);
  if (fn === 'sum') return g.broadcastLike(wide, x);
  if (fn === 'mean') return g.broadcastLike(g.div(wide, countOf(context)), x);
  // Equal maxima share the gradient, as in TensorFlow.
  const hit = g.cast(g.compare('equal', x, g.reshape(y, kept)), x.dtype);
  return g.mul(g.div(hit, g.reduce('sum', hit, axes, true)), wide);
}

export const reduce: OpDefinition<'reduce'> = {
  infer(inputs, { fn, axes, keepDims }) {
    expectInputs(fn, inputs, [['float']]);
    const [x] = inputs;
    if (axes.some((axis, i) => axis < 0 || axis >= x.shape.length || (i > 0 && axis <= axes[i - 1]))) fail(`${fn} of ${showType(x)} over axes [${axes}]`);
    return [float(keepDims ? keptShape(x.shape, axes) : goneShape(x.shape, axes), x)];
  },
  gradient: (context) => [reduceGradient(context)],
  evaluate([x], { fn, axes, keepDims }) {
    const kept = keptShape(x.shape, axes);
    const at = positions(x.shape, broadcastStrides(kept, x.shape));
    const out = new Float64Array(sizeOf(kept)).fill(fn === 'max' ? -Infinity : 0);
    for (let i = 0; i < at.length; i++) out[at[i]] = fn === 'max' ? Math.max(out[at[i]], x.data[i]) : out[at[i]] + x.data[i];
    if (fn === 'mean') for (let i = 0; i < out.length; i++) out[i] /= x.data.length / out.length;
    return [ndarray(keepDims ? kept : goneShape(x.shape, axes), out)];
  },
};

export const batchSize: OpDefinition<'batchSize'> = {
  infer(inputs) {
    expectInputs('batchSize', inputs, [['any']]);
    if (inputs[0].shape.length === 0) fail('a scalar has no batch');
    return [{ dtype: 'int32', shape: [] }];
  },
  gradient: 'zero',
  evaluate: ([x]) => [ndarray([], [x.shape[0]], 'int32')],
};

export const argMax: OpDefinition<'argMax'> = {
  infer(inputs) {
    expectInputs('argMax', inputs, [['float32']]);
    channelsOf('argMax', inputs[0]);
    return [{ dtype: 'int32', shape: inputs[0].shape.slice(0, -1) }];
  },
  gradient: 'zero',
  evaluate([x]) {
    const out = ndarray(x.shape.slice(0, -1), undefined, 'int32');
    const c = x.shape.at(-1)!;
    for (let row = 0; row < out.data.length; row++) for (let i = 1; i < c; i++) if (x.data[row * c + i] > x.data[row * c + out.data[row]]) out.data[row] = i;
    return [out];
  },
};

/** in_topk_op.h: false where the target is no class or a prediction in sight is not finite; ties at the boundary count as in. */
function inTop(predictions: NDArray, row: number, target: number, k: number): boolean {
  const c = predictions.shape[1];
  const line = predictions.data.subarray(row * c, (row + 1) * c);
  if (!(target >= 0 && target < c) || !Number.isFinite(line[target])) return false;
  let better = 0;
  for (const value of line) {
    if (!Number.isFinite(value)) return false;
    if (value > line[target] && ++better > k) return false;
  }
  return better < k;
}

export const inTopK: OpDefinition<'inTopK'> = {
  infer(inputs, { k }) {
    expectInputs('inTopK', inputs, [['float32', 2], ['int32', 1]]);
    expectShape('inTopK', 'targets', inputs[1], inputs[0].shape.slice(0, 1));
    if (!(k >= 1)) fail(`inTopK with k = ${k}`);
    return [{ dtype: 'bool', shape: inputs[1].shape }];
  },
  gradient: 'zero',
  evaluate: ([predictions, targets], { k }) => [ndarray(targets.shape, targets.data.map((target, row) => Number(inTop(predictions, row, target, k))), 'bool')],
};

export const oneHot: OpDefinition<'oneHot'> = {
  infer(inputs, { depth }) {
    expectInputs('oneHot', inputs, [['int32', 1]]);
    return [float([...inputs[0].shape, depth])];
  },
  gradient: 'zero',
  evaluate([indices], { depth }) {
    const out = ndarray([...indices.shape, depth]);
    indices.data.forEach((index, row) => {
      if (index >= 0 && index < depth) out.data[row * depth + index] = 1;
    });
    return [out];
  },
};
