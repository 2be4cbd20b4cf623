/** Operations that change the type or the arrangement, not the numbers. */
import { toBfloat16 } from '../bfloat16.ts';
import { broadcastStrides, ndarray, positions, sizeOf, stridesOf } from '../ndarray.ts';
import type { DType, Value } from '../types.ts';
import { BATCH, isFloat } from '../types.ts';
import type { OpDefinition } from './definition.ts';
import { broadcastShapes, expectInputs, expectShape, fail, showType } from './definition.ts';

const casts: Readonly<Record<DType, (x: number) => number>> = {
  float32: (x) => x,
  bfloat16: toBfloat16,
  int32: (x) => Math.trunc(x) | 0,
  uint8: (x) => Math.trunc(x) & 255,
  bool: (x) => Number(x !== 0),
};

export const cast: OpDefinition<'cast'> = {
  infer(inputs, { to }) {
    expectInputs('cast', inputs, [['any']]);
    return [{ dtype: to, shape: inputs[0].shape }];
  },
  gradient: ({ g, dy, inputs: [x], attrs: { to } }) => [isFloat(x.dtype) && isFloat(to) ? g.cast(dy, x.dtype) : null],
  evaluate: ([x], { to }) => [ndarray(x.shape, x.data.map(casts[to]), to)],
};

export const stopGradient: OpDefinition<'stopGradient'> = {
  infer(inputs) {
    expectInputs('stopGradient', inputs, [['any']]);
    return [inputs[0]];
  },
  gradient: 'zero',
  evaluate: ([x]) => [x],
};

export const reshape: OpDefinition<'reshape'> = {
  /** BATCH in the new shape stands for what is there at run time: [N,H,W,C] may become [BATCH, C] and back. */
  infer(inputs, { shape }) {
    expectInputs('reshape', inputs, [['any']]);
    const [x] = inputs;
    const batches = x.shape.includes(BATCH) && shape.includes(BATCH);
    const rest = (dimensions: readonly number[]): number => sizeOf(dimensions.filter((d) => d !== BATCH));
    const [from, to] = [rest(x.shape), rest(shape)];
    const fits = batches ? from % to === 0 || to % from === 0 : !x.shape.includes(BATCH) && !shape.includes(BATCH) && from === to;
    if (!fits || shape.indexOf(BATCH, 1) > 0) fail(`${showType(x)} does not reshape to [${shape}]`);
    return [{ dtype: x.dtype, shape }];
  },
  gradient: ({ g, dy, inputs: [x] }) => [g.reshape(dy, x.shape)],
  evaluate([x], { shape }) {
    const rest = sizeOf(shape.filter((d) => d !== BATCH));
    return [ndarray(shape.map((d) => (d === BATCH ? x.data.length / rest : d)), x.data, x.dtype)];
  },
};

export const transpose: OpDefinition<'transpose'> = {
  infer(inputs, { perm }) {
    expectInputs('transpose', inputs, [['any', perm.length]]);
    const [x] = inputs;
    const shape = perm.map((p) => x.shape[p]);
    if (new Set(perm).size !== perm.length || shape.includes(undefined as never) || shape.indexOf(BATCH, 1) > 0) fail(`${showType(x)} does not transpose by [${perm}]`);
    return [{ dtype: x.dtype, shape }];
  },
  gradient: ({ g, dy, attrs: { perm } }) => [g.transpose(dy, perm.map((_, i) => perm.indexOf(i)))],
  evaluate([x], { perm }) {
    const strides = stridesOf(x.shape);
    const shape = perm.map((p) => x.shape[p]);
    const at = positions(shape, perm.map((p) => strides[p]));
    return [ndarray(shape, Float64Array.from(at, (p) => x.data[p]), x.dtype)];
  },
};

export const concat: OpDefinition<'concat'> = {
  infer(inputs) {
    const [first] = inputs;
    const rank = first.shape.length;
    if (rank < 2) fail(`${showType(first)} has no axis to join along`);
    expectInputs('concat', inputs, inputs.map(() => [first.dtype, rank]));
    const sides = first.shape.slice(0, -1);
    for (const x of inputs) if (sides.some((d, axis) => d !== x.shape[axis])) fail(`${showType(x)} does not join ${showType(first)}`);
    return [{ dtype: first.dtype, shape: [...sides, inputs.reduce((sum, x) => sum + x.shape[rank - 1], 0)] }];
  },
  gradient({ g, dy, inputs }) {
    let start = 0;
    return inputs.map((x) => {
      const size = x.shape[x.shape.length - 1];
      start += size;
      return g.slice(dy, start - size, size);
    });
  },
  evaluate(inputs) {
    const sizes = inputs.map((x) => x.shape[x.shape.length - 1]);
    const total = sizes.reduce((a, b) => a + b, 0);
    const out = ndarray([...inputs[0].shape.slice(0, -1), total], undefined, inputs[0].dtype);
    const rows = out.data.length / total;
    for (let row = 0; row < rows; row++) {
      let at = row * total;
      inputs.forEach((x, i) => {
        out.data.set(x.data.subarray(row * sizes[i], (row + 1) * sizes[i]), at);
        at += sizes[i];
      });
    }
    return [out];
  },
};

export const slice: OpDefinition<'slice'> = {
  infer(inputs, { start, size }) {
    expectInputs('slice', inputs, [['any']]);
    const [x] = inputs;
    const last = x.shape[x.shape.length - 1];
    if (x.shape.length < 2 || start < 0 || size < 1 || start + size > last) fail(`${showType(x)} has no ${size} from ${start} on`);
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, -1), size] }];
  },
  gradient({ g, dy, inputs: [x], attrs: { start, size } }) {
    const zeros = (from: number, count: number): Value[] => (count === 0 ? [] : [g.broadcastLike(g.scalar(0), g.slice(x, from, count))]);
    const after = start + size;
    return [g.concat([...zeros(0, start), dy, ...zeros(after, x.shape[x.shape.length - 1] - after)])];
  },
  evaluate([x], { start, size }) {
    const last = x.shape[x.shape.length - 1];
    const rows = x.data.length / last;
    const out = ndarray([...x.shape.slice(0, -1), size], undefined, x.dtype);
    for (let row = 0; row < rows; row++) out.data.set(x.data.subarray(row * last + start, row * last + start + size), row * size);
    return [out];
  },
};

export const sumToShape: OpDefinition<'sumToShape'> = {
  infer(inputs) {
    expectInputs('sumToShape', inputs, [['float'], ['any']]);
    const [x, like] = inputs;
    expectShape('sumToShape', 'x', x, broadcastShapes('sumToShape', x.shape, like.shape));
    return [{ dtype: x.dtype, shape: like.shape }];
  },
  gradient: ({ g, dy, inputs: [x] }) => [g.broadcastLike(dy, x), null],
  evaluate([x, like]) {
    const out = ndarray(like.shape, undefined, x.dtype);
    const at = positions(x.shape, broadcastStrides(like.shape, x.shape));
    for (let i = 0; i < at.length; i++) out.data[at[i]] += x.data[i];
    return [out];
  },
};

export const broadcastLike: OpDefinition<'broadcastLike'> = {
  infer(inputs) {
    expectInputs('broadcastLike', inputs, [['any'], ['any']]);
    const [x, like] = inputs;
    expectShape('broadcastLike', 'like', like, broadcastShapes('broadcastLike', x.shape, like.shape));
    return [{ dtype: x.dtype, shape: like.shape }];
  },
  gradient: ({ g, dy, inputs: [x] }) => [g.sumToShape(dy, x), null],
  evaluate([x, like]) {
    const at = positions(like.shape, broadcastStrides(x.shape, like.shape));
    return [ndarray(like.shape, Float64Array.from(at, (p) => x.data[p]), x.dtype)];
  },
};
