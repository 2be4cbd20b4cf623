/** Sources of values, shapes, reductions and indices. Shapes with an unknown batch are computed at run time. */
import { BATCH } from '../../../graph/types.ts';
import { flatLayout, IMAGE, logicalAxis, PLAIN, storedAxis, storedShape } from '../layout.ts';
import type { Layout } from '../layout.ts';
import { aligned, convert, plain, reshape, result, shapeOf } from './definition.ts';
import type { Context, Emits, Ref } from './definition.ts';

const dtypeNumbers = { int32: 6, bool: 9, float32: 1 } as const;

export const sources: Emits<'input' | 'variable' | 'constant'> = {
  /** Pictures come in channels last, and are transposed once. */
  input(context, { attrs }) {
    const fed = context.input(attrs.name, attrs.type);
    return [attrs.type.shape.length === 4 ? convert(context, fed, IMAGE) : fed];
  },
  variable: ({ read }, { attrs }) => [read(attrs.name, attrs.type)],
  constant: ({ w }, { attrs, outputs }) => [result(w.constant(attrs.type.dtype, attrs.values, attrs.type.shape), outputs[0])],
};

const reductions = { sum: 'ReduceSum', mean: 'ReduceMean', max: 'ReduceMax' } as const;

/** An axis kept in another order can be summed away, but not kept alone. */
const reducible = (context: Context, x: Ref, axes: readonly number[], keepDims: boolean): Ref =>
  x.layout.kind === 'flat' && !axes.includes(x.layout.axis) && !keepDims ? convert(context, x, PLAIN) : x;

/** Reduces logical axes; the result is `plain` unless the dimensions are kept. */
function reduceAxes(context: Context, op: string, given: Ref, axes: readonly number[], keepDims: boolean, shape: readonly number[]): Ref {
  const { w } = context;
  const x = reducible(context, given, axes, keepDims);
  const stored = axes.map((axis) => storedAxis(axis, x.layout)).sort((a, b) => a - b);
  const name = w.one(op, [x.name, w.ints(stored)], { keepdims: keepDims ? 1 : 0 });
  const type = { dtype: x.dtype, shape };
  if (keepDims) return result(name, type, x.layout.kind === 'flat' && axes.includes(x.layout.axis) ? PLAIN : x.layout);
  // What is left, in the order of memory, back to its own order.
  const left = x.shape.map((_, axis) => logicalAxis(axis, x.layout)).filter((axis) => !axes.includes(axis));
  const order = [...left].sort((a, b) => a - b).map((axis) => left.indexOf(axis));
  return result(order.every((p, i) => p === i) ? name : w.one('Transpose', [name], { perm: order }), type);
}

/** Where the reshaped value keeps the order in memory: a flattened image, and an image again. */
function reshapedLayout(from: readonly number[], to: readonly number[], layout: Layout): Layout | null {
  const [, height, width, channels] = from;
  if (layout.kind === 'image' && to.length === 2 && to[0] === from[0] && to[1] === height * width * channels) return flatLayout(1, [height, width, channels]);
  if (layout.kind === 'flat' && layout.axis === 1 && from.length === 2 && to.length === 4 && to[0] === from[0] && layout.image.every((d, i) => d === to[i + 1])) return IMAGE;
  return null;
}

export const shapes: Emits<'reshape' | 'transpose' | 'concat' | 'slice' | 'sumToShape' | 'broadcastLike' | 'reduce' | 'batchSize' | 'argMax' | 'inTopK' | 'oneHot'> = {
  reshape(context, { attrs, outputs }, [x]) {
    const layout = reshapedLayout(x.shape, attrs.shape, x.layout);
    return [layout ? result(reshape(context.w, x.name, storedShape(attrs.shape, layout)), outputs[0], layout) : result(reshape(context.w, plain(context, x), attrs.shape), outputs[0])];
  },
  transpose: (context, { attrs, outputs }, [x]) => [result(context.w.one('Transpose', [plain(context, x)], { perm: attrs.perm }), outputs[0])],
  /** Channels are joined where they lie; of other layouts than the image's only the plain one keeps its axes apart. */
  concat(context, { outputs }, values) {
    const layout = values.some((x) => x.layout.kind === 'image') ? IMAGE : PLAIN;
    const axis = storedAxis(outputs[0].shape.length - 1, layout);
    return [result(context.w.one('Concat', values.map((x) => convert(context, x, layout).name), { axis }), outputs[0], layout)];
  },
  slice(context, { attrs, inputs, outputs }, [x]) {
    const { w } = context;
    const layout = x.layout.kind === 'image' ? IMAGE : PLAIN;
    const axis = storedAxis(inputs[0].shape.length - 1, layout);
    return [result(w.one('Slice', [convert(context, x, layout).name, w.ints([attrs.start]), w.ints([attrs.start + attrs.size]), w.ints([axis])]), outputs[0], layout)];
  },
  sumToShape(context, { inputs, outputs }, [x]) {
    // Which axes were broadcast is known: the batch broadcasts from 1 or not at all.
    const [from, to] = [inputs[0].shape, inputs[1].shape];
    const extra = from.length - to.length;
    const axes = from.flatMap((d, axis) => (axis < extra || (to[axis - extra] === 1 && d !== 1) ? [axis] : []));
    if (axes.length === 0) return [x];
    if (extra === 0) return [reduceAxes(context, 'ReduceSum', x, axes, true, to)];
    const left = from.filter((_, axis) => !axes.includes(axis));
    const sum = reduceAxes(context, 'ReduceSum', x, axes, false, left);
    return [result(reshape(context.w, plain(context, sum), to), outputs[0])];
  },
  broadcastLike(context, { outputs }, [x, like]) {
    const { w } = context;
    return [result(w.one('Expand', [aligned(context, x, like.layout, outputs[0].shape.length), shapeOf(w, like)]), outputs[0], like.layout)];
  },
  reduce: (context, { attrs, outputs }, [x]) => [reduceAxes(context, reductions[attrs.fn], x, attrs.axes, attrs.keepDims, outputs[0].shape)],
  batchSize({ w }, { inputs, outputs }, [x]) {
    if (inputs[0].shape[0] !== BATCH) return [result(w.constant('int32', inputs[0].shape[0]), outputs[0])];
    const size = w.one('Gather', [w.one('Shape', [x.name]), w.constant('int64', storedAxis(0, x.layout))], { axis: 0 });
    return [result(w.one('Cast', [size], { to: dtypeNumbers.int32 }), outputs[0])];
  },
  argMax(context, { outputs }, [x]) {
    const { w } = context;
    return [result(w.one('Cast', [w.one('ArgMax', [plain(context, x)], { axis: -1, keepdims: 0 })], { to: dtypeNumbers.int32 }), outputs[0])];
  },
  /** in_topk_op.h: the target is a class, the row is finite, and fewer than k are greater. */
  inTopK(context, { attrs, inputs, outputs }, [predictions, targets]) {
    const { w } = context;
    const rows = plain(context, predictions);
    const classes = inputs[0].shape[1];
    const column = reshape(w, targets.name, [-1, 1]);
    const inside = w.one('Max', [w.constant('int32', 0), w.one('Min', [column, w.constant('int32', classes - 1)])]);
    const own = w.one('GatherElements', [rows, inside], { axis: 1 });
    const count = (flags: string): string => w.one('ReduceSum', [w.one('Cast', [flags], { to: dtypeNumbers.int32 }), w.ints([1])], { keepdims: 0 });
    const better = w.one('Less', [count(w.one('Greater', [rows, own])), w.constant('int32', attrs.k)]);
    // 0 · x is 0 unless x is infinite or no number.
    const finite = w.one('Equal', [w.one('ReduceSum', [w.one('Mul', [rows, w.floats(0)]), w.ints([1])], { keepdims: 0 }), w.floats(0)]);
    const isClass = w.one('Equal', [reshape(w, inside, [-1]), targets.name]);
    return [result(w.one('And', [w.one('And', [better, finite]), isClass]), outputs[0])];
  },
  oneHot({ w }, { attrs, outputs }, [indices]) {
    const classes = w.constant('int32', Array.from({ length: attrs.depth }, (_, i) => i));
    return [result(w.one('Cast', [w.one('Equal', [reshape(w, indices.name, [-1, 1]), classes])], { to: dtypeNumbers.float32 }), outputs[0])];
  },
};
