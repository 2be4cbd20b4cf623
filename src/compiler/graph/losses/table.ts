/** Every loss. A missing one is a compile error. */
import type { Loss, PlainLoss } from '../../model/program.ts';
import type { Value } from '../types.ts';
import { binaryCrossEntropy } from './binary_crossentropy.ts';
import { categoricalCrossEntropy } from './categorical_crossentropy.ts';
import type { LossContext, LossRule } from './context.ts';
import { binaryFocal, categoricalFocal } from './focal.ts';
import { generalizedCrossEntropy } from './generalized.ts';
import { huberLoss, plainLosses } from './plain.ts';
import { sparseLoss } from './sparse_categorical_crossentropy.ts';

type LossOf<K extends Loss['kind']> = Loss & { readonly kind: K };

const plain = (kind: PlainLoss): LossRule<Loss> => ({ g, network, targets }) => plainLosses[kind](g, targets.rows, network.output);

const losses: { readonly [K in Loss['kind']]: LossRule<LossOf<K>> } = {
  categorical_crossentropy: categoricalCrossEntropy,
  sparse_categorical_crossentropy: sparseLoss,
  binary_crossentropy: binaryCrossEntropy,
  categorical_focal_crossentropy: categoricalFocal,
  binary_focal_crossentropy: binaryFocal,
  categorical_generalized_crossentropy: generalizedCrossEntropy,
  huber: ({ g, network, targets }, { delta }) => huberLoss(g, targets.rows, network.output, delta),
  mse: plain('mse'),
  mae: plain('mae'),
  mape: plain('mape'),
  msle: plain('msle'),
  log_cosh: plain('log_cosh'),
  poisson: plain('poisson'),
  cosine_similarity: plain('cosine_similarity'),
  kl_divergence: plain('kl_divergence'),
  hinge: plain('hinge'),
  squared_hinge: plain('squared_hinge'),
  categorical_hinge: plain('categorical_hinge'),
};

/** The loss of each sample, float32 [N]; the loss of a batch is their mean over the samples that are there. */
export function lossOfSamples(context: LossContext, loss: Loss): Value {
  const rule = losses[loss.kind] as LossRule<Loss>;
  return context.g.scoped('loss', () => rule(context, loss));
}
