/**
 * Adam and its kin as in Keras 3 (keras/src/optimizers/{adam,adamw,nadam,adamax}.py). AdamW's decay stands in apply.ts, as that of
 * every optimizer. Plain Adam is one operation, for which engines have a kernel.
 */
import type { Optimizer } from '../../model/program.ts';
import type { Updated, UpdateContext } from './context.ts';
import { adamRate, towards } from './context.ts';

type Of<K extends Optimizer['kind']> = Optimizer & { readonly kind: K };

export function adamUpdate(context: UpdateContext, { beta_1, beta_2, epsilon, amsgrad }: Of<'adam' | 'adamw'>): Updated {
  const { g, weight, gradient, slot, rate, step } = context;
  if (!amsgrad) {
    const [w, m, v] = g.adamUpdate(weight, slot('m'), slot('v'), gradient, rate, step, { beta1: beta_1, beta2: beta_2, epsilon });
    return { weight: w, slots: { m, v } };
  }
  const m = towards(g, slot('m'), gradient, 1 - beta_1);
  const v = towards(g, slot('v'), g.unary('square', gradient), 1 - beta_2);
  const vhat = g.maximum(slot('vhat'), v);
  const change = g.div(g.mul(m, adamRate(context, beta_1, beta_2)), g.add(g.unary('sqrt', vhat), g.scalar(epsilon)));
  return { weight: g.sub(weight, change), slots: { m, v, vhat } };
}

/** β1·(1 − .5·.96^t): Nadam's momentum of step t. */
const momentumOf = ({ g }: UpdateContext, beta1: number, t: UpdateContext['step']) =>
  g.mul(g.scalar(beta1), g.sub(g.scalar(1), g.mul(g.scalar(0.5), g.pow(g.scalar(0.96), t))));

/** The product of the momentums of all steps so far, which all weights share. */
export const nadamShared = (context: Omit<UpdateContext, 'weight' | 'gradient' | 'slot' | 'shared'>, product: UpdateContext['step'], { beta_1 }: Of<'nadam'>) =>
  context.g.mul(product, momentumOf(context as UpdateContext, beta_1, context.step));

/** Keras takes 1 − β from the float32 β here. */
const rest = (beta: number): number => 1 - Math.fround(beta);

export function nadamUpdate(context: UpdateContext, { beta_1, beta_2, epsilon }: Of<'nadam'>): Updated {
  const { g, weight, gradient, slot, shared, rate, step } = context;
  const one = g.scalar(1);
  const u = momentumOf(context, beta_1, step);
  const next = momentumOf(context, beta_1, g.add(step, one));
  const product = shared('u_product');
  const m = towards(g, slot('m'), gradient, rest(beta_1));
  const v = towards(g, slot('v'), g.unary('square', gradient), rest(beta_2));
  const mhat = g.add(g.div(g.mul(next, m), g.sub(one, g.mul(product, next))), g.div(g.mul(g.sub(one, u), gradient), g.sub(one, product)));
  const vhat = g.div(v, g.sub(one, g.pow(g.scalar(beta_2), step)));
  const change = g.div(g.mul(mhat, rate), g.add(g.unary('sqrt', vhat), g.scalar(epsilon)));
  return { weight: g.sub(weight, change), slots: { m, v } };
}

export function adamaxUpdate({ g, weight, gradient, slot, rate, step }: UpdateContext, { beta_1, beta_2, epsilon }: Of<'adamax'>): Updated {
  const m = towards(g, slot('m'), gradient, 1 - beta_1);
  const u = g.maximum(g.mul(slot('u'), g.scalar(beta_2)), g.unary('abs', gradient));
  const divisor = g.mul(g.sub(g.scalar(1), g.pow(g.scalar(beta_1), step)), g.add(u, g.scalar(epsilon)));
  return { weight: g.sub(weight, g.div(g.mul(rate, m), divisor)), slots: { m, u } };
}

/** Adam's corrected step, as long as the weights' norm times the rate; where a norm is 0, as it is. */
export function lambUpdate({ g, weight, gradient, slot, rate, step }: UpdateContext, { beta_1, beta_2, epsilon }: Of<'lamb'>): Updated {
  const one = g.scalar(1);
  const norm = (x: UpdateContext['step']) => g.unary('sqrt', g.reduce('sum', g.unary('square', x), x.shape.map((_, axis) => axis)));
  const m = towards(g, slot('m'), gradient, 1 - beta_1);
  const v = towards(g, slot('v'), g.unary('square', gradient), 1 - beta_2);
  const spread = g.add(g.unary('sqrt', g.div(v, g.sub(one, g.pow(g.scalar(beta_2), step)))), g.scalar(epsilon));
  const change = g.div(g.div(m, g.sub(one, g.pow(g.scalar(beta_1), step))), spread);
  const [large, long] = [norm(weight), norm(change)];
  const both = g.logical('and', g.compare('greater', large, g.scalar(0)), g.compare('greater', long, g.scalar(0)));
  const ratio = g.select(both, g.div(large, g.select(both, long, one)), one);
  return { weight: g.sub(weight, g.mul(change, g.mul(ratio, rate))), slots: { m, v } };
}
