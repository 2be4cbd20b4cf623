/**
 * RMSprop (Tieleman & Hinton 2012) as in Keras 3: the step is lr·g/√(v + ε) with ε inside the root, `centered` takes the
 * squared mean gradient from v, and momentum gathers whole steps.
 */
import type { Optimizer } from '../../model/program.ts';
import type { Updated, UpdateContext } from './context.ts';

type Rmsprop = Extract<Optimizer, { readonly kind: 'rmsprop' }>;

export function rmspropUpdate({ g, weight, gradient, slot, rate }: UpdateContext, { rho, momentum, epsilon, centered }: Rmsprop): Updated {
  const average = (name: string, value: typeof gradient) => g.add(g.mul(slot(name), g.scalar(rho)), g.mul(value, g.scalar(1 - rho)));
  const velocity = average('velocity', g.unary('square', gradient));
  const averageGradient = centered ? average('average_gradient', gradient) : null;
  const spread = averageGradient ? g.sub(velocity, g.unary('square', averageGradient)) : velocity;
  const increment = g.div(g.mul(gradient, rate), g.unary('sqrt', g.add(spread, g.scalar(epsilon))));
  const step = momentum > 0 ? g.add(g.mul(slot('momentum'), g.scalar(momentum)), increment) : increment;
  return {
    weight: g.sub(weight, step),
    slots: { velocity, ...(momentum > 0 ? { momentum: step } : {}), ...(averageGradient ? { average_gradient: averageGradient } : {}) },
  };
}
