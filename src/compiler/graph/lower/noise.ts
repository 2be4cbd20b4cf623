/**
 * `spatial_dropout`, `gaussian_dropout`, `gaussian_noise`: Keras's SpatialDropout2D, GaussianDropout, GaussianNoise; nothing while predicting.
 * Normal deviates are Box and Muller's (1958) from two streams of uniform numbers.
 */
import type { LayerOf } from '../../model/program.ts';
import { BATCH } from '../types.ts';
import type { Value } from '../types.ts';
import type { LowerContext } from './context.ts';

/** Second streams of layers, beyond the first ones of all. */
const SECOND = 2 ** 20;

export function lowerSpatialDropout({ g, mode, random }: LowerContext, { index, args, input }: LayerOf<'spatial_dropout'>, x: Value): Value {
  if (mode === 'inference' || args.threshold === 0) return x;
  const channels = g.reshape(g.stopGradient(g.reduce('max', x, [1, 2], true)), [BATCH, 1, 1, input[2]]);
  const { key, step } = given(random);
  const mask = g.dropoutMask(key, step, channels, { bits: args.bits, threshold: args.threshold, stream: index + 1 });
  return g.mul(x, g.mul(g.cast(mask, x.dtype), g.scalar(1 / args.keep)));
}

export function lowerGaussianDropout(context: LowerContext, { index, args: { rate } }: LayerOf<'gaussian_dropout'>, x: Value): Value {
  const { g, mode } = context;
  if (mode === 'inference' || rate === 0) return x;
  return g.mul(x, g.cast(g.add(g.mul(normal(context, index, x), g.scalar(Math.sqrt(rate / (1 - rate)))), g.scalar(1)), x.dtype));
}

export function lowerGaussianNoise(context: LowerContext, { index, args: { stddev } }: LayerOf<'gaussian_noise'>, x: Value): Value {
  const { g, mode } = context;
  return mode === 'inference' || stddev === 0 ? x : g.add(x, g.cast(g.mul(normal(context, index, x), g.scalar(stddev)), x.dtype));
}

/** float32, of like's shape. */
function normal({ g, random }: LowerContext, index: number, like: Value): Value {
  const { key, step } = given(random);
  const radius = g.unary('sqrt', g.mul(g.unary('log', g.uniform(key, step, like, index + 1)), g.scalar(-2)));
  return g.mul(radius, g.unary('cos', g.mul(g.uniform(key, step, like, index + 1 + SECOND), g.scalar(2 * Math.PI))));
}

function given(random: LowerContext['random']): NonNullable<LowerContext['random']> {
  if (random === null) throw new Error('internal error: noise in training has no key');
  return random;
}
