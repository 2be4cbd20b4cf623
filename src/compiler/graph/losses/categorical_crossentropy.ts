/**
 * `categorical_crossentropy`: −Σ targets·ln p, fused with the softmax where the network ends with one. Probabilities from
 * elsewhere are brought to sum 1 and clipped first. Keras: losses.py and the TensorFlow backend's nn.py.
 */
import type { CrossEntropy } from '../../model/program.ts';
import type { Value } from '../types.ts';
import { clipped, logitsFor, smoothed } from './context.ts';
import type { LossContext } from './context.ts';

export function categoricalCrossEntropy({ g, network, targets }: LossContext, loss: CrossEntropy): Value {
  const logits = logitsFor(network, 'softmax', loss.from_logits);
  // The same numbers as with one-hot rows, without making the rows.
  if (logits && targets.areClasses && loss.label_smoothing === 0) return g.sparseSoftmaxCrossEntropy(logits, targets.classes);
  const rows = smoothed(g, targets.rows, loss.label_smoothing, targets.rows.shape[1]);
  if (logits) return g.softmaxCrossEntropy(logits, rows);
  const sums = g.reduce('sum', network.output, [1], true);
  const probabilities = clipped(g, g.div(network.output, sums));
  return g.unary('neg', g.reduce('sum', g.mul(rows, g.unary('log', probabilities)), [1]));
}
