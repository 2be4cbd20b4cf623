/** `zero_pad`, `cropping`, `upsample`: Keras's ZeroPadding2D, Cropping2D, UpSampling2D. [N,H,W,C] → [N,H',W',C]. */
import type { LayerOf } from '../../model/program.ts';
import { BATCH } from '../types.ts';
import type { Value } from '../types.ts';
import type { LowerContext } from './context.ts';

export const lowerZeroPad = ({ g }: LowerContext, { args }: LayerOf<'zero_pad'>, x: Value): Value => g.pad(x, args.padding);

export const lowerCropping = ({ g }: LowerContext, { args }: LayerOf<'cropping'>, x: Value): Value => g.crop(x, args.cropping);

export function lowerUpsample({ g }: LowerContext, { args: { size, interpolation } }: LayerOf<'upsample'>, x: Value): Value {
  if (size[0] === 1 && size[1] === 1) return x;
  if (interpolation === 'bilinear') return g.upsampleBilinear(x, size);
  // Each pixel, times a block of ones.
  const [, h, w, c] = x.shape;
  const ones = g.constant(Array.from({ length: size[0] * size[1] }, () => 1), [1, size[0], 1, size[1], 1]);
  const blocks = g.mul(g.reshape(x, [BATCH, h, 1, w, 1, c]), ones);
  return g.reshape(blocks, [BATCH, h * size[0], w * size[1], c]);
}
