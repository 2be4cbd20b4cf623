/**
 * `sparse_categorical_crossentropy`: −ln p of the class, fused with the softmax where the network ends with one.
 * Probabilities from elsewhere are clipped, and their logarithms taken as logits: so Keras brings them to sum 1 after
 * clipping, where categorical_crossentropy does it before. Keras has no label smoothing here; with it, the loss is
 * categorical_crossentropy of the one-hot rows.
 */
import type { CrossEntropy } from '../../model/program.ts';
import type { Value } from '../types.ts';
import { categoricalCrossEntropy } from './categorical_crossentropy.ts';
import { clipped, logitsFor } from './context.ts';
import type { LossContext } from './context.ts';

export function sparseCategoricalCrossEntropy(context: LossContext, loss: CrossEntropy): Value {
  if (loss.label_smoothing !== 0) return categoricalCrossEntropy(context, loss);
  const { g, network, targets } = context;
  const logits = logitsFor(network, 'softmax', loss.from_logits) ?? g.unary('log', clipped(g, network.output));
  const costs = g.sparseSoftmaxCrossEntropy(logits, targets.classes);
  return loss.ignore_class === undefined ? costs : g.select(counted(context, loss.ignore_class), costs, g.scalar(0));
}

/** bool [N]: whether a sample is of another class than the one that does not count. */
const counted = ({ g, targets }: LossContext, ignored: number): Value => g.compare('notEqual', targets.classes, g.scalar(ignored, 'int32'));

/** As a loss: what remains is averaged over the samples that count, so that each of them weighs N/those. */
export function sparseLoss(context: LossContext, loss: CrossEntropy): Value {
  const costs = sparseCategoricalCrossEntropy(context, loss);
  if (loss.ignore_class === undefined) return costs;
  const { g } = context;
  const share = g.reduce('mean', g.cast(counted(context, loss.ignore_class), 'float32'), [0]);
  // 0 where none does.
  return g.mul(costs, g.select(g.compare('greater', share, g.scalar(0)), g.unary('reciprocal', g.maximum(share, g.scalar(1e-30))), g.scalar(0)));
}
