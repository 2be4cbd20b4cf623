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
  return g.sparseSoftmaxCrossEntropy(logits, targets.classes);
}
