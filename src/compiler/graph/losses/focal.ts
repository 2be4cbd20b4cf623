/**
 * Focal cross-entropies (Lin et al. 2018) as in Keras 3 (keras/src/losses/losses.py). The categorical one clips probabilities and
 * is not fused; the binary one takes its cross-entropy from the logits where the network ends with a sigmoid, as Keras does.
 */
import type { Loss } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import type { Value } from '../types.ts';
import { binaryCosts } from './binary_crossentropy.ts';
import { clipped, smoothed } from './context.ts';
import type { LossContext } from './context.ts';

type Of<K extends Loss['kind']> = Extract<Loss, { readonly kind: K }>;

export function categoricalFocal({ g, network, targets }: LossContext, { alpha, gamma, from_logits, label_smoothing }: Of<'categorical_focal_crossentropy'>): Value {
  const rows = smoothed(g, targets.rows, label_smoothing, targets.rows.shape[1]);
  const given = from_logits && !network.head ? g.softmax(network.output) : network.output;
  const p = clipped(g, g.div(given, g.reduce('sum', given, [1], true)));
  const cost = g.mul(g.unary('neg', rows), g.unary('log', p));
  return g.reduce('sum', g.mul(g.mul(raised(g, g.sub(g.scalar(1), p), gamma), g.scalar(alpha)), cost), [1]);
}

export function binaryFocal(context: LossContext, { alpha, gamma, from_logits, label_smoothing, apply_class_balancing }: Of<'binary_focal_crossentropy'>): Value {
  const { g, network, targets } = context;
  const one = g.scalar(1);
  const y = smoothed(g, targets.rows, label_smoothing, 2);
  const notY = g.sub(one, y);
  const p = from_logits && !network.head ? g.unary('sigmoid', network.output) : network.output;
  const right = g.add(g.mul(y, p), g.mul(notY, g.sub(one, p)));
  const cost = g.mul(raised(g, g.sub(one, right), gamma), binaryCosts(context, { from_logits, label_smoothing }));
  const weighed = apply_class_balancing ? g.mul(g.add(g.mul(y, g.scalar(alpha)), g.mul(notY, g.scalar(1 - alpha))), cost) : cost;
  return g.reduce('mean', weighed, [1]);
}

/** x^γ; a square where it is one, whose gradient is right at 0, too. */
const raised = (g: Builder, x: Value, gamma: number): Value => (gamma === 2 ? g.unary('square', x) : gamma === 1 ? x : gamma === 0 ? g.scalar(1) : g.pow(x, g.scalar(gamma)));
