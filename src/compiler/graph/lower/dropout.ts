/**
 * `dropout`, `spatial_dropout`: drop elements, or all of a channel, in training and divide the others by the keep rate that the random
 * bits realise. Each layer has a stream of its own, so that adding a layer after it changes no draw. Keras: regularization/dropout.py.
 */
import type { Dropped, LayerOf } from '../../model/program.ts';
import { BATCH } from '../types.ts';
import type { Value } from '../types.ts';
import { randomOf } from './context.ts';
import type { LowerContext } from './context.ts';

export function lowerDropout(context: LowerContext, { index, args, input }: LayerOf<'dropout'>, x: Value): Value {
  return dropped(context, index, args, x, args.noise_shape === null ? [] : args.noise_shape.flatMap((n, i) => (n === 1 && input[i] !== 1 ? [i + 1] : [])));
}

export function lowerSpatialDropout(context: LowerContext, { index, args }: LayerOf<'spatial_dropout'>, x: Value): Value {
  return dropped(context, index, args, x, [1, 2]);
}

/** @param shared axes along which one draw serves */
function dropped(context: LowerContext, index: number, args: Dropped, x: Value, shared: readonly number[]): Value {
  const { g, mode } = context;
  if (mode === 'inference' || args.threshold === 0) return x;
  const { key, step } = randomOf(context, args.seed);
  const drawn = { bits: args.bits, threshold: args.threshold, stream: index + 1 };
  if (shared.length === 0) return g.applyMask(x, g.dropoutMask(key, step, x, drawn), args.keep);
  const like = g.reshape(g.stopGradient(g.reduce('max', x, shared, true)), [BATCH, ...x.shape.slice(1).map((n, i) => (shared.includes(i + 1) ? 1 : n))]);
  return g.mul(x, g.mul(g.cast(g.dropoutMask(key, step, like, drawn), x.dtype), g.scalar(1 / args.keep)));
}
