/**
 * Every optimizer, with Keras 3's arithmetic (keras/src/optimizers). A rule takes one weight, its gradient and its slots
 * to their new values; the learning rate is an input of each call, so that schedules need no new graph.
 */
import type { Optimizer } from '../../model/program.ts';
import type { Updated, UpdateContext } from './context.ts';
import { rmspropUpdate } from './rmsprop.ts';

interface OptimizerRule<O> {
  /** Short names of the slots that each weight has; all start at zero. */
  readonly slots: (optimizer: O) => readonly string[];
  readonly update: (context: UpdateContext, optimizer: O) => Updated;
}

type OptimizerOf<K extends Optimizer['kind']> = Optimizer & { readonly kind: K };

const optimizers: { readonly [K in Optimizer['kind']]: OptimizerRule<OptimizerOf<K>> } = {
  adam: {
    slots: () => ['m', 'v'],
    update({ g, weight, gradient, slot, rate, step }, { beta_1, beta_2, epsilon }) {
      const [w, m, v] = g.adamUpdate(weight, slot('m'), slot('v'), gradient, rate, step, { beta1: beta_1, beta2: beta_2, epsilon });
      return { weight: w, slots: { m, v } };
    },
  },
  sgd: {
    slots: ({ momentum }) => (momentum === 0 ? [] : ['momentum']),
    update({ g, weight, gradient, slot, rate }, { momentum, nesterov }): Updated {
      if (momentum === 0) return { weight: g.sgdUpdate(weight, gradient, rate), slots: {} };
      const [w, m] = g.momentumUpdate(weight, slot('momentum'), gradient, rate, { momentum, nesterov });
      return { weight: w, slots: { momentum: m } };
    },
  },
  rmsprop: {
    slots: ({ momentum, centered }) => ['velocity', ...(momentum > 0 ? ['momentum'] : []), ...(centered ? ['average_gradient'] : [])],
    update: rmspropUpdate,
  },
};

/** Names of an optimizer's slots for one weight: `adam/m/conv_1/kernel`. */
export const slotNames = (optimizer: Optimizer, weight: string): readonly string[] =>
  ruleOf(optimizer).slots(optimizer).map((slot) => slotName(optimizer, slot, weight));

export const slotName = (optimizer: Optimizer, slot: string, weight: string): string => `${optimizer.kind}/${slot}/${weight}`;

export const updateWeight = (context: UpdateContext, optimizer: Optimizer): Updated => ruleOf(optimizer).update(context, optimizer);

const ruleOf = (optimizer: Optimizer) => optimizers[optimizer.kind] as OptimizerRule<Optimizer>;
