/** Every loss. A missing one is a compile error. */
import type { Loss } from '../../model/program.ts';
import type { Value } from '../types.ts';
import { binaryCrossEntropy } from './binary_crossentropy.ts';
import { categoricalCrossEntropy } from './categorical_crossentropy.ts';
import type { LossContext, LossRule } from './context.ts';
import { meanSquaredError } from './mse.ts';
import { sparseCategoricalCrossEntropy } from './sparse_categorical_crossentropy.ts';

type LossOf<K extends Loss['kind']> = Loss & { readonly kind: K };

const losses: { readonly [K in Loss['kind']]: LossRule<LossOf<K>> } = {
  categorical_crossentropy: categoricalCrossEntropy,
  sparse_categorical_crossentropy: sparseCategoricalCrossEntropy,
  binary_crossentropy: binaryCrossEntropy,
  mse: meanSquaredError,
};

/** The loss of each sample, float32 [N]; the loss of a batch is their mean over the samples that are there. */
export function lossOfSamples(context: LossContext, loss: Loss): Value {
  const rule = losses[loss.kind] as LossRule<Loss>;
  return context.g.scoped('loss', () => rule(context, loss));
}
