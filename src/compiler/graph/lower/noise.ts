/**
 * `gaussian_dropout`, `gaussian_noise`: Keras's GaussianDropout, GaussianNoise; nothing while predicting.
 * Normal deviates are Box and Muller's (1958) from two streams of uniform numbers.
 */
import type { LayerOf } from '../../model/program.ts';
import type { Value } from '../types.ts';
import { randomOf } from './context.ts';
import type { LowerContext } from './context.ts';

/** Second streams of layers, beyond the first ones of all. */
const SECOND = 2 ** 20;

export function lowerGaussianDropout(context: LowerContext, { index, args: { rate, seed } }: LayerOf<'gaussian_dropout'>, x: Value): Value {
  const { g, mode } = context;
  if (mode === 'inference' || rate === 0) return x;
  return g.mul(x, g.cast(g.add(g.mul(normal(context, seed, index, x), g.scalar(Math.sqrt(rate / (1 - rate)))), g.scalar(1)), x.dtype));
}

export function lowerGaussianNoise(context: LowerContext, { index, args: { stddev, seed } }: LayerOf<'gaussian_noise'>, x: Value): Value {
  const { g, mode } = context;
  return mode === 'inference' || stddev === 0 ? x : g.add(x, g.cast(g.mul(normal(context, seed, index, x), g.scalar(stddev)), x.dtype));
}

/** float32, of like's shape. */
function normal(context: LowerContext, seed: number | null, index: number, like: Value): Value {
  const { g } = context;
  const { key, step } = randomOf(context, seed);
  const radius = g.unary('sqrt', g.mul(g.unary('log', g.uniform(key, step, like, index + 1)), g.scalar(-2)));
  return g.mul(radius, g.unary('cos', g.mul(g.uniform(key, step, like, index + 1 + SECOND), g.scalar(2 * Math.PI))));
}
