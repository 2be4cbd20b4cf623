/**
 * Every optimizer, with Keras 3's arithmetic (keras/src/optimizers). A rule takes one weight, its gradient and its slots
 * to their new values; the learning rate is an input of each call, so that schedules need no new graph.
 */
import type { Optimizer } from '../../model/program.ts';
import type { Builder } from '../build.ts';
import type { Value } from '../types.ts';
import { adadeltaUpdate, adagradUpdate, ftrlUpdate, lionUpdate } from './adaptive.ts';
import { adamaxUpdate, adamUpdate, lambUpdate, nadamShared, nadamUpdate } from './adam.ts';
import type { Updated, UpdateContext } from './context.ts';
import { rmspropUpdate } from './rmsprop.ts';

/** A slot's short name and what it starts with, if not 0. */
export interface Slot {
  readonly name: string;
  readonly initial?: number;
}

interface OptimizerRule<O> {
  /** Those that each weight has. */
  readonly slots: (optimizer: O) => readonly Slot[];
  readonly update: (context: UpdateContext, optimizer: O) => Updated;
  /** Scalars that all weights share, and their new values. */
  readonly shared?: { readonly slots: readonly Slot[]; readonly update: (context: SharedContext, optimizer: O) => Readonly<Record<string, Value>> };
}

interface SharedContext {
  readonly g: Builder;
  readonly slot: (name: string) => Value;
  readonly rate: Value;
  readonly step: Value;
}

type OptimizerOf<K extends Optimizer['kind']> = Optimizer & { readonly kind: K };

const zero = (...names: readonly string[]): readonly Slot[] => names.map((name) => ({ name }));
const adamSlots = ({ amsgrad }: { readonly amsgrad: boolean }): readonly Slot[] => zero('m', 'v', ...(amsgrad ? ['vhat'] : []));

const optimizers: { readonly [K in Optimizer['kind']]: OptimizerRule<OptimizerOf<K>> } = {
  adam: { slots: adamSlots, update: adamUpdate },
  adamw: { slots: adamSlots, update: adamUpdate },
  nadam: {
    slots: () => zero('m', 'v'),
    update: nadamUpdate,
    shared: { slots: [{ name: 'u_product', initial: 1 }], update: (context, optimizer) => ({ u_product: nadamShared(context, context.slot('u_product'), optimizer) }) },
  },
  adamax: { slots: () => zero('m', 'u'), update: adamaxUpdate },
  lamb: { slots: () => zero('m', 'v'), update: lambUpdate },
  sgd: {
    slots: ({ momentum }) => (momentum === 0 ? [] : zero('momentum')),
    update({ g, weight, gradient, slot, rate }, { momentum, nesterov }): Updated {
      if (momentum === 0) return { weight: g.sgdUpdate(weight, gradient, rate), slots: {} };
      const [w, m] = g.momentumUpdate(weight, slot('momentum'), gradient, rate, { momentum, nesterov });
      return { weight: w, slots: { momentum: m } };
    },
  },
  rmsprop: {
    slots: ({ momentum, centered }) => zero('velocity', ...(momentum > 0 ? ['momentum'] : []), ...(centered ? ['average_gradient'] : [])),
    update: rmspropUpdate,
  },
  adagrad: { slots: ({ initial_accumulator_value: initial }) => [{ name: 'accumulator', initial }], update: adagradUpdate },
  adadelta: { slots: () => zero('grad', 'delta'), update: adadeltaUpdate },
  lion: { slots: () => zero('m'), update: lionUpdate },
  ftrl: { slots: ({ initial_accumulator_value: initial }) => [{ name: 'accumulator', initial }, { name: 'linear' }], update: ftrlUpdate },
};

/** An optimizer's slots for one weight. */
export const slotsOf = (optimizer: Optimizer): readonly Slot[] => ruleOf(optimizer).slots(optimizer);

/** `adam/m/conv_1/kernel` */
export const slotName = (optimizer: Optimizer, slot: string, weight: string): string => `${optimizer.kind}/${slot}/${weight}`;

/** Scalars of the optimizer as a whole. */
export const sharedSlotsOf = (optimizer: Optimizer): readonly Slot[] => ruleOf(optimizer).shared?.slots ?? [];

/** `nadam/u_product` */
export const sharedSlotName = (optimizer: Optimizer, slot: string): string => `${optimizer.kind}/${slot}`;

export const updateShared = (context: SharedContext, optimizer: Optimizer): Readonly<Record<string, Value>> => ruleOf(optimizer).shared?.update(context, optimizer) ?? {};

export const updateWeight = (context: UpdateContext, optimizer: Optimizer): Updated => ruleOf(optimizer).update(context, optimizer);

const ruleOf = (optimizer: Optimizer) => optimizers[optimizer.kind] as OptimizerRule<Optimizer>;
