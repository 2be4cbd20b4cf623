/**
 * Losses of the outputs and their targets, row by row, as in Keras 3 (keras/src/losses/losses.py). Of class labels the
 * targets are their one-hot rows. Each gives [N] from two [N,K].
 */
import type { PlainLoss } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import type { Value } from '../types.ts';
import { clip, EPSILON } from './context.ts';

type Rule = (g: Builder, targets: Value, outputs: Value) => Value;

const mean = (g: Builder, x: Value): Value => g.reduce('mean', x, [1]);
const sum = (g: Builder, x: Value): Value => g.reduce('sum', x, [1]);
const atLeast = (g: Builder, x: Value, low: number): Value => g.maximum(x, g.scalar(low));

/** ln(max(x, ε) + 1) */
const logarithm = (g: Builder, x: Value): Value => g.unary('log', g.add(atLeast(g, x, EPSILON), g.scalar(1)));

/** max(1 − y·x, 0) with y of 0 and 1 taken as −1 and 1. */
const margin = (g: Builder, targets: Value, outputs: Value): Value => {
  const sides = g.sub(g.mul(g.scalar(2), targets), g.scalar(1));
  return atLeast(g, g.sub(g.scalar(1), g.mul(sides, outputs)), 0);
};

/** x/max(|x|, 1e-12), Keras's ops.normalize. */
const unit = (g: Builder, x: Value): Value => g.mul(x, g.unary('rsqrt', atLeast(g, g.reduce('sum', g.unary('square', x), [1], true), 1e-24)));

/** The cosine of the angle between rows. */
export const cosine: Rule = (g, targets, outputs) => sum(g, g.mul(unit(g, targets), unit(g, outputs)));

export const plainLosses: { readonly [K in PlainLoss]: Rule } = {
  mse: (g, y, x) => mean(g, g.squaredDifference(x, y)),
  mae: (g, y, x) => mean(g, g.unary('abs', g.sub(x, y))),
  mape: (g, y, x) => g.mul(g.scalar(100), mean(g, g.unary('abs', g.div(g.sub(y, x), atLeast(g, g.unary('abs', y), EPSILON))))),
  msle: (g, y, x) => mean(g, g.squaredDifference(logarithm(g, x), logarithm(g, y))),
  log_cosh(g, y, x) {
    const d = g.sub(x, y);
    return mean(g, g.sub(g.add(d, g.unary('softplus', g.mul(d, g.scalar(-2)))), g.scalar(Math.LN2)));
  },
  poisson: (g, y, x) => mean(g, g.sub(x, g.mul(y, g.unary('log', g.add(x, g.scalar(EPSILON)))))),
  cosine_similarity: (g, y, x) => g.unary('neg', cosine(g, y, x)),
  kl_divergence(g, y, x) {
    const [p, q] = [clip(g, y, EPSILON, 1), clip(g, x, EPSILON, 1)];
    return sum(g, g.mul(p, g.unary('log', g.div(p, q))));
  },
  hinge: (g, y, x) => mean(g, margin(g, y, x)),
  squared_hinge: (g, y, x) => mean(g, g.unary('square', margin(g, y, x))),
  categorical_hinge(g, y, x) {
    const right = sum(g, g.mul(y, x));
    const wrong = g.reduce('max', g.mul(g.sub(g.scalar(1), y), x), [1]);
    return atLeast(g, g.add(g.sub(wrong, right), g.scalar(1)), 0);
  },
};

/** ½d² up to |d| = δ, from there δ·|d| − ½δ². */
export function huberLoss(g: Builder, targets: Value, outputs: Value, delta: number): Value {
  const d = g.sub(outputs, targets);
  const size = g.unary('abs', d);
  const far = g.sub(g.mul(g.scalar(delta), size), g.scalar(0.5 * delta ** 2));
  return mean(g, g.select(g.compare('lessEqual', size, g.scalar(delta)), g.mul(g.scalar(0.5), g.unary('square', d)), far));
}
