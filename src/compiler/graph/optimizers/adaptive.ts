/** Adagrad, Adadelta, Lion and FTRL as in Keras 3 (keras/src/optimizers/{adagrad,adadelta,lion,ftrl}.py). */
import type { Optimizer } from '../../model/program.ts';
import type { Value } from '../types.ts';
import type { Updated, UpdateContext } from './context.ts';

type Of<K extends Optimizer['kind']> = Optimizer & { readonly kind: K };

/** ε under the root. */
export function adagradUpdate({ g, weight, gradient, slot, rate }: UpdateContext, { epsilon }: Of<'adagrad'>): Updated {
  const accumulator = g.add(slot('accumulator'), g.unary('square', gradient));
  const change = g.div(g.mul(rate, gradient), g.unary('sqrt', g.add(accumulator, g.scalar(epsilon))));
  return { weight: g.sub(weight, change), slots: { accumulator } };
}

export function adadeltaUpdate({ g, weight, gradient, slot, rate }: UpdateContext, { rho, epsilon }: Of<'adadelta'>): Updated {
  const mean = (old: Value, x: Value): Value => g.add(g.mul(g.scalar(rho), old), g.mul(g.scalar(1 - rho), g.unary('square', x)));
  const root = (x: Value): Value => g.unary('sqrt', g.add(x, g.scalar(epsilon)));
  const grad = mean(slot('grad'), gradient);
  const step = g.unary('neg', g.div(g.mul(root(slot('delta')), gradient), root(grad)));
  return { weight: g.add(weight, g.mul(rate, step)), slots: { grad, delta: mean(slot('delta'), step) } };
}

/** Keras takes 1 − β from the float32 β here. */
export function lionUpdate({ g, weight, gradient, slot, rate }: UpdateContext, { beta_1, beta_2 }: Of<'lion'>): Updated {
  const mix = (beta: number): Value => g.add(g.mul(slot('m'), g.scalar(beta)), g.mul(gradient, g.scalar(1 - Math.fround(beta))));
  return { weight: g.sub(weight, g.mul(rate, g.unary('sign', mix(beta_1)))), slots: { m: mix(beta_2) } };
}

export function ftrlUpdate({ g, weight, gradient, slot, rate }: UpdateContext, o: Of<'ftrl'>): Updated {
  const l1 = o.l1_regularization_strength;
  const power = (x: Value): Value => (o.learning_rate_power === -0.5 ? g.unary('sqrt', x) : g.pow(x, g.scalar(-o.learning_rate_power)));
  const l2 = o.beta === 0 ? g.scalar(o.l2_regularization_strength) : g.add(g.scalar(o.l2_regularization_strength), g.div(g.scalar(o.beta), g.mul(g.scalar(2), rate)));
  const shrunk = o.l2_shrinkage_regularization_strength === 0 ? gradient : g.add(gradient, g.mul(g.scalar(2 * o.l2_shrinkage_regularization_strength), weight));
  const accumulator = g.add(slot('accumulator'), g.unary('square', gradient));
  const raised = power(accumulator);
  const linear = g.add(slot('linear'), g.sub(shrunk, g.mul(g.div(g.sub(raised, power(slot('accumulator'))), rate), weight)));
  const quadratic = g.add(g.div(raised, rate), g.mul(g.scalar(2), l2));
  const clipped = l1 === 0 ? g.scalar(0) : g.minimum(g.maximum(linear, g.scalar(-l1)), g.scalar(l1));
  return { weight: g.div(g.sub(clipped, linear), quadratic), slots: { accumulator, linear } };
}
