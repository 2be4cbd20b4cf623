/**
 * `binary_crossentropy`: −(y·ln p + (1 − y)·ln(1 − p)), its mean over the outputs, fused with the sigmoid where the
 * network ends with one: then it is y·softplus(−x) + (1 − y)·softplus(x), which neither overflows nor cancels.
 */
import type { CrossEntropy } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import type { Value } from '../types.ts';
import { clipped, logitsFor, smoothed } from './context.ts';
import type { LossContext } from './context.ts';

export function binaryCrossEntropy({ g, network, targets }: LossContext, loss: Pick<CrossEntropy, 'from_logits' | 'label_smoothing'>): Value {
  return g.reduce('mean', binaryCosts({ g, network, targets }, loss), [1]);
}

/** One for each output, [N,K]. */
export function binaryCosts({ g, network, targets }: LossContext, loss: Pick<CrossEntropy, 'from_logits' | 'label_smoothing'>): Value {
  const y = smoothed(g, targets.rows, loss.label_smoothing, 2);
  const notY = g.sub(g.scalar(1), y);
  const logits = logitsFor(network, 'sigmoid', loss.from_logits);
  const [costOfOne, costOfZero] = logits
    ? [g.unary('softplus', g.unary('neg', logits)), g.unary('softplus', logits)]
    : costs(g, clipped(g, network.output));
  return g.add(g.mul(y, costOfOne), g.mul(notY, costOfZero));
}

/** −ln p and −ln(1 − p). */
const costs = (g: Builder, p: Value): [one: Value, zero: Value] => [
  g.unary('neg', g.unary('log', p)),
  g.unary('neg', g.unary('log', g.sub(g.scalar(1), p))),
];
