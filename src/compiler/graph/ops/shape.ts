/** Operations that change the type or the arrangement, not the numbers. */
import { broadcastStrides, ndarray, positions, sizeOf, stridesOf } from '../ndarray.ts';
import type { DType } from '../types.ts';
import { BATCH } from '../types.ts';
import type { OpDefinition } from './definition.ts';
import { broadcastShapes, expectInputs, expectShape, fail, showType } from './definition.ts';

const casts: Readonly<Record<DType, (x: number) => number>> = {
  float32: (x) => x,
  int32: (x) => Math.trunc(x) | 0,
  uint8: (x) => Math.trunc(x) & 255,
  bool: (x) => Number(x !== 0),
};

export const cast: OpDefinition<'cast'> = {
  infer(inputs, { to }) {
    expectInputs('cast', inputs, [['any']]);
    return [{ dtype: to, shape: inputs[0].shape }];
  },
  gradient: ({ dy, inputs: [x], attrs: { to } }) => [x.dtype === 'float32' && to === 'float32' ? dy : null],
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

export const sumToShape: OpDefinition<'sumToShape'> = {
  infer(inputs) {
    expectInputs('sumToShape', inputs, [['float32'], ['any']]);
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
