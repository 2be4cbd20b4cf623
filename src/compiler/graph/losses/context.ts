/** What a loss is computed from. */
import type { Builder } from '../build.ts';
import type { HeadActivation, NetworkOutput } from '../lower/network.ts';
import type { Targets } from '../targets.ts';
import type { Value } from '../types.ts';

export interface LossContext {
  readonly g: Builder;
  readonly network: NetworkOutput;
  readonly targets: Targets;
}

/** One loss per sample: float32 [N]. */
export type LossRule<L> = (context: LossContext, loss: L) => Value;

/** keras.config.epsilon(): probabilities are kept this far from 0 and 1. */
export const EPSILON = 1e-7;

/**
 * The logits to fuse a loss with: what stands before the network's softmax or sigmoid, or the output itself where the
 * program says `from_logits`. As in Keras, `from_logits` after a matching head means the values before the head.
 * null: the network gives probabilities that its last operation did not make, or of the other head. (There Keras 3 differs
 * from what it says: it takes what stands before any softmax or sigmoid, whatever the loss. Checked programs never get there.)
 */
export function logitsFor(network: NetworkOutput, activation: HeadActivation, fromLogits: boolean): Value | null {
  if (network.head?.activation === activation) return network.head.logits;
  return fromLogits ? network.output : null;
}

export const clip = (g: Builder, x: Value, low: number, high: number): Value => g.minimum(g.maximum(x, g.scalar(low)), g.scalar(high));

/** Probabilities within [ε, 1 − ε], so that their logarithms are finite. */
export const clipped = (g: Builder, probabilities: Value): Value => clip(g, probabilities, EPSILON, 1 - EPSILON);

/** y·(1 − s) + s/K */
export const smoothed = (g: Builder, rows: Value, smoothing: number, count: number): Value =>
  smoothing === 0 ? rows : g.add(g.mul(rows, g.scalar(1 - smoothing)), g.scalar(smoothing / count));
