/**
 * mixup (Zhang et al., ICLR 2018) and cutmix (Yun et al., ICCV 2019): a picture with a part of another one, both changed
 * already, before preprocessing.
 * Labels are not mixed but losses, λ of the one and 1 − λ of the other: the same for all losses that are linear in the target
 * (cross-entropies), the same gradient for mse, and it leaves class numbers what they are.
 */
import type { Augment } from '../model/program.ts';
import type { Builder } from './build.ts';
import { covered } from './colours.ts';
import { BATCH } from './types.ts';
import type { Value } from './types.ts';

/** @param images @param others float32 [N,H,W,C] @param numbers float32 [N, mixWidth] */
export function mixImages(g: Builder, images: Value, others: Value, numbers: Value, mix: NonNullable<Augment['mix']>): Value {
  const number = (i: number): Value => g.reshape(g.slice(numbers, i, 1), [BATCH, 1, 1, 1]);
  const share = mix.kind === 'mixup' ? g.sub(g.scalar(1), number(0)) : covered(g, images, (i) => number(i + 1));
  return g.add(images, g.mul(g.sub(others, images), share));
}

/** @param own @param other float32 [N], losses by the one label and by the other */
export function mixLosses(g: Builder, own: Value, other: Value, numbers: Value): Value {
  const share = g.reshape(g.slice(numbers, 0, 1), [BATCH]);
  return g.add(g.mul(own, share), g.mul(other, g.sub(g.scalar(1), share)));
}
