/**
 * `dropout`: drops elements in training and divides the others by the keep rate that the random bits realise.
 * Each layer has a stream of its own, so that adding a layer after it changes no draw.
 */
import type { LayerOf } from '../../model/program.ts';
import type { Value } from '../types.ts';
import type { LowerContext } from './context.ts';

export function lowerDropout({ g, mode, random }: LowerContext, { index, args }: LayerOf<'dropout'>, x: Value): Value {
  if (mode === 'inference' || args.threshold === 0) return x;
  if (random === null) throw new Error('internal error: dropout in training has no key');
  const mask = g.dropoutMask(random.key, random.step, x, { bits: args.bits, threshold: args.threshold, stream: index + 1 });
  return g.applyMask(x, mask, args.keep);
}
