/**
 * `categorical_crossentropy`: −Σ targets·ln p, fused with the softmax where the network ends with one. Probabilities from
 * elsewhere are brought to sum 1 and clipped first. Keras: losses.py and the TensorFlow backend's nn.py.
 */
import type { Loss } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import type { Value } from '../types.ts';
import { clipped, logitsFor } from './context.ts';
import type { LossContext } from './context.ts';

type CrossEntropy = Exclude<Loss, { readonly kind: 'mse' }>;

export function categoricalCrossEntropy({ g, network, targets }: LossContext, loss: CrossEntropy): Value {
  const logits = logitsFor(network, 'softmax', loss.from_logits);
  // The same numbers as with one-hot rows, without making the rows.
  if (logits && targets.areClasses && loss.label_smoothing === 0) return g.sparseSoftmaxCrossEntropy(logits, targets.classes);
  const rows = smoothed(g, targets.rows, loss.label_smoothing);
  if (logits) return g.softmaxCrossEntropy(logits, rows);
  const sums = g.reduce('sum', network.output, [1], true);
  const probabilities = clipped(g, g.div(network.output, sums));
  return g.unary('neg', g.reduce('sum', g.mul(rows, g.unary('log', probabilities)), [1]));
}

/** y·(1 − s) + s/K */
function smoothed(g: Builder, rows: Value, smoothing: number): Value {
  return smoothing === 0 ? rows : g.add(g.mul(rows, g.scalar(1 - smoothing)), g.scalar(smoothing / rows.shape[1]));
}
